"""Who polls has no webhook. Apart from those who have: two on one store take turns."""

from tests.web.deliveries import deliver
from tests.world import World


async def test_who_polls_has_no_such_path(redis_url: str) -> None:
    async with World(redis_url, webhook=False) as polling:
        assert (await deliver(polling, {"update_id": 1}))[0] == 404
