"""Somebody who goes through the conversation again and again, and taps twice at its end."""

import asyncio

from tests.world import World

FIRST = 500  # the amount of the first conversation, beyond those of `Load`


class Talk:
    """As many invoices as `ended`."""

    def __init__(self, world: World) -> None:
        self.person = world.telegram.person(8000, "Seller")
        self.ended = 0
        self._goes_on = True
        self._task = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        while self._goes_on:
            for text, question in (
                ("/invoice", "How much"),
                (str(FIRST + self.ended), "In which currency"),
                ("EUR", "Which coin"),
            ):
                sent = await self.person.send(text)
                await self.person.read(question, after=sent, timeout=30)
            tapped = await self.person.tap("Buyer chooses")
            await self.person.read("Create an invoice", after=tapped, timeout=30)
            await self.person.tap("Create")
            await self.person.tap("Create")
            await self.person.read(f"🧾 {FIRST + self.ended}.00", timeout=30)
            self.ended += 1

    async def stop(self) -> None:
        """After the end of the one that is under way."""
        self._goes_on = False
        await self._task
