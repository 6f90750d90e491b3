"""A crowd of listeners: each change once, in order, the slow ones apart; nobody is left when it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from takecover.server import crowd as crowds
from takecover.server.crowd import Crowd, Listener
from takecover.server.wire import Wire


class _News:
    """News that a test makes: a version, and a word for each."""

    def __init__(self) -> None:
        self.version, self.is_closing, self.made, self.urgent = 1, False, 0, 0
        self._come = asyncio.Event()
        self.patience_s = 10.0

    def say(self, version: int, *, is_urgent: bool = True) -> None:
        self.version = version
        self.urgent = version if is_urgent else self.urgent
        self._come.set()
        self._come = asyncio.Event()

    def close(self) -> None:
        self.is_closing = True
        self._come.set()

    async def newer(self, version: int, most_s: float | None = None) -> bool:
        if self.version == version and not self.is_closing:
            try:
                await asyncio.wait_for(self._come.wait(), self.patience_s if most_s is None else most_s)
            except TimeoutError:
                return False
        return True

    def is_urgent(self, version: int) -> bool:
        return self.urgent > version

    def since(self, version: int) -> bytes:
        self.made += 1
        return f"{version}>{self.version}".encode()

    def ping(self) -> bytes:
        return b"ping"


class _Client:
    """Writes down what it gets; takes nothing while its gate is shut."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_gone = False
        self.fault: Exception | None = None

    async def send(self, message: Any) -> None:
        if self.is_gone:
            raise OSError
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        self.got.append(message["body"].decode() if message["more_body"] else "end")


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_every_listener_gets_each_change_and_it_is_made_once_for_all() -> None:
    async def body() -> None:
        news = _News()
        crowd = Crowd(news)
        clients = [_Client() for _ in range(250)]
        for client in clients:
            crowd.add(Listener(client.send, 1))
        for version in (2, 3):
            await _settled()
            news.say(version)
        await _settled()
        news.close()
        await _settled()
        assert [client.got for client in clients] == [["1>2", "2>3", "end"]] * 250
        assert news.made == 2

    asyncio.run(body())


def test_a_slow_listener_holds_up_nobody_and_then_gets_what_it_missed_in_one_piece() -> None:
    async def body() -> None:
        news = _News()
        crowd = Crowd(news)
        slow, quick = _Client(), _Client()
        slow.gate.clear()
        for client in (slow, quick):
            crowd.add(Listener(client.send, 1))
        for version in (2, 3, 4):
            await _settled()
            news.say(version)
        await _settled()
        assert (quick.got, slow.got) == (["1>2", "2>3", "3>4"], [])
        slow.gate.set()
        await _settled()
        assert slow.got == ["1>2", "2>4"]
        news.say(5)
        await _settled()
        assert (quick.got[-1], slow.got[-1]) == ("4>5", "4>5")
        slow.gate.clear()
        news.say(6)
        await _settled()
        news.close()
        await _settled()
        assert (quick.got[-2:], slow.got[-1]) == (["5>6", "end"], "4>5")
        slow.gate.set()
        await _settled()
        assert slow.got[-2:] == ["5>6", "end"]

    asyncio.run(body())


def test_one_who_comes_late_gets_what_is_new_at_once_and_one_who_left_gets_nothing() -> None:
    async def body() -> None:
        news = _News()
        news.say(7)
        crowd = Crowd(news)
        late, gone, left = _Client(), _Client(), Listener(_Client().send, 7)
        gone.is_gone = True
        crowd.add(Listener(gone.send, 6))
        crowd.add(Listener(late.send, 5))
        crowd.add(left)
        assert late.got == ["5>7"]
        assert len(crowd) == 2
        crowd.remove(left)
        news.say(8)
        await _settled()
        assert (late.got, left.version) == (["5>7", "7>8"], 7)
        news.close()
        await _settled()

    asyncio.run(body())


def test_one_whose_connection_fails_in_any_way_is_left_out_and_the_others_go_on() -> None:
    async def body() -> None:
        news = _News()
        crowd = Crowd(news)
        clients = [_Client() for _ in range(5)]
        for client in clients:
            crowd.add(Listener(client.send, 1))
        at_once, later = clients[:2]
        at_once.fault, later.fault = (
            RuntimeError("no response to write to"),
            RuntimeError("gone while it waited"),
        )
        later.gate.clear()
        await _settled()
        news.say(2)
        await _settled()
        later.gate.set()
        await _settled()
        assert len(crowd) == 3
        news.say(3)
        await _settled()
        assert [client.got for client in clients] == [[], []] + [["1>2", "2>3"]] * 3
        news.close()
        await _settled()

    asyncio.run(body())


def test_where_the_news_cannot_be_made_the_streams_end_and_who_asks_anew_is_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class _Broken(_News):
        def since(self, version: int) -> bytes:
            if self.version == 2:
                raise ValueError("the news of version 2")
            return super().since(version)

    async def body() -> None:
        news = _Broken()
        crowd = Crowd(news)
        first, second = _Client(), _Client()
        crowd.add(Listener(first.send, 1))
        crowd.add(Listener(second.send, 1))
        await _settled()
        news.say(2)
        await _settled()
        assert (first.got, second.got, len(crowd)) == (["end"], ["end"], 0)
        assert "all streams are ended" in caplog.text
        assert "version 2" in caplog.text
        crowd.add(Listener(first.send, 2))
        await _settled()
        news.say(3)
        await _settled()
        assert first.got == ["end", "2>3"]

    asyncio.run(body())


def test_where_nothing_is_new_everybody_gets_a_sign_of_life() -> None:
    async def body() -> None:
        news = _News()
        news.patience_s = 0.0
        crowd = Crowd(news)
        client, slow = _Client(), _Client()
        slow.gate.clear()
        crowd.add(Listener(client.send, 1))
        crowd.add(Listener(slow.send, 1))
        while len(client.got) < 3:
            await asyncio.sleep(0)
        news.close()
        slow.gate.set()
        await _settled()
        assert client.got[:3] == ["ping"] * 3
        assert slow.got == ["ping", "end"]

    asyncio.run(body())


def test_changes_that_are_not_urgent_gather_and_an_urgent_one_takes_them_all_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def body() -> None:
        monkeypatch.setattr(crowds, "REST", 10**9)
        news, client = _News(), _Client()
        crowd = Crowd(news)
        crowd.add(Listener(client.send, 1))
        for version in (2, 3, 4):
            await _settled()
            news.say(version, is_urgent=False)
        await _settled()
        assert client.got == ["1>2"]
        news.say(5)
        await _settled()
        assert client.got == ["1>2", "2>5"]
        news.say(6, is_urgent=False)
        await _settled()
        assert client.got == ["1>2", "2>5"]
        news.close()
        await _settled()
        assert client.got == ["1>2", "2>5", "end"]

    asyncio.run(body())


def test_what_gathered_is_written_once_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body() -> None:
        monkeypatch.setattr(crowds, "REST", 10**9)
        monkeypatch.setattr(crowds, "LONGEST_S", 0.02)
        news, client = _News(), _Client()
        crowd = Crowd(news)
        crowd.add(Listener(client.send, 1))
        for version in range(2, 12):
            await _settled()
            news.say(version, is_urgent=False)
        while len(client.got) < 2:
            await asyncio.sleep(0.001)
        assert client.got == ["1>2", "2>11"]
        news.close()
        await _settled()

    asyncio.run(body())


def test_an_alert_that_comes_while_reports_are_written_breaks_off_and_nobody_misses_anything() -> None:
    async def body() -> None:
        news = _News()
        crowd = Crowd(news)
        clients = [_Client() for _ in range(350)]
        for client in clients:
            crowd.add(Listener(client.send, 1))
        await _settled()
        news.say(2, is_urgent=False)
        while not any(client.got for client in clients):
            await asyncio.sleep(0)
        news.say(3)
        await _settled()
        whole = ["1>3"], ["1>2", "2>3"]
        assert [client.got in whole for client in clients] == [True] * 350
        assert sum(client.got == whole[0] for client in clients) == 250
        news.close()
        await _settled()

    asyncio.run(body())


class _Transport(asyncio.Transport):
    """Takes what is written; holds some of it back while it is told to."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.held, self.ended = 0, False

    def get_write_buffer_size(self) -> int:
        return self.held

    def is_closing(self) -> bool:
        return self.ended

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))


def test_a_connection_is_written_to_directly_only_while_nothing_waits_in_it() -> None:
    async def body() -> None:
        news, client, transport = _News(), _Client(), _Transport()
        crowd = Crowd(news)
        crowd.add(Listener(client.send, 1, Wire(transport)))
        for version, held, ended in ((2, 0, False), (3, 5, False), (4, 0, False), (5, 0, True)):
            await _settled()
            transport.held, transport.ended = held, ended
            news.say(version)
        await _settled()
        assert transport.written == [b"3\r\n1>2\r\n", b"3\r\n3>4\r\n"]
        assert client.got == ["2>3", "4>5"]
        news.close()
        await _settled()
        assert (len(transport.written), client.got[-1]) == (2, "end")

    asyncio.run(body())
