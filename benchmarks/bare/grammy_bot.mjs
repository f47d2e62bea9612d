// The same bare job on grammY with its runner, ioredis and undici.
import { run } from "@grammyjs/runner";
import { Bot, InlineKeyboard } from "grammy";
import { Redis } from "ioredis";
import { Pool } from "undici";

const env = process.env;
const redis = new Redis(env.REDIS_URL.replace(/^unix:\/\//, "").replace(/\?.*$/, ""));
const provider = new URL(env.CRYPTOCLOUD_API_URL);
const pool = new Pool(provider.origin, { connections: 100 });
const bot = new Bot(env.BOT_TOKEN, { client: { apiRoot: env.TELEGRAM_API_URL } });

bot.command("invoice", async (ctx) => {
  const [amount, currency] = ctx.match.split(" ");
  const answer = await pool.request({
    path: `${provider.pathname}/invoice/create`,
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Token ${env.CRYPTOCLOUD_API_KEY}`,
    },
    body: JSON.stringify({ shop_id: env.CRYPTOCLOUD_SHOP_ID, amount, currency }),
  });
  const made = (await answer.body.json()).result;
  await redis.hset(`invoice:${made.uuid}`, {
    amount,
    currency,
    link: made.link,
    status: "created",
  });
  await ctx.reply(`Invoice for ${amount} ${currency}\nID: ${made.uuid}`, {
    reply_markup: new InlineKeyboard().url(`Pay ${amount} ${currency}`, made.link),
  });
});

const runner = run(bot);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await runner.stop();
    redis.disconnect();
    await pool.close();
  });
}
