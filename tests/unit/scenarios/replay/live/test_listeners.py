"""Who watches hears of everything once."""

from scenarios.replay.keeping.batch import Batch
from scenarios.replay.live.listeners import Listeners


def test_a_batch_is_heard_once_and_in_its_turn_by_everybody() -> None:
    heard: list[tuple[str, int, int]] = []

    def hearing(who: str) -> Listeners:
        return Listeners([lambda batch: heard.append((who, batch.worker, batch.number))])

    both = Listeners([hearing("one").hear, hearing("two").hear])
    for worker, number in [(0, 1), (0, 1), (1, 1), (0, 3), (0, 2), (0, 3), (1, 1)]:
        both.hear(Batch(worker=worker, number=number))
    in_turn = [(0, 1), (1, 1), (0, 2), (0, 3)]
    assert heard == [(who, *each) for each in in_turn for who in ("one", "two")]
