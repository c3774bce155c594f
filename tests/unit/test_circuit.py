"""A circuit opens after failures in a row, lets one caller try after a rest, and closes by itself."""

import pytest

from shared.circuit import Circuit, CircuitOpen


class Time:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Away(Exception):
    """What the server under test raises when it is away."""


def fail() -> None:
    raise Away("mati")


def open_circuit(time: Time) -> Circuit:
    circuit = Circuit("server", failures=3, rest_seconds=10, now=time)
    for _ in range(3):
        with pytest.raises(Away):
            circuit.call(fail, Away)
    return circuit


def test_failures_in_a_row_open_it_and_the_cause_is_kept() -> None:
    time = Time()
    with pytest.raises(CircuitOpen, match="mati") as refused:
        open_circuit(time).call(lambda: 1, Away)
    assert refused.value.seconds == 10


def test_an_answer_in_between_begins_the_count_anew() -> None:
    circuit = Circuit("server", failures=3, now=Time())
    for _ in range(5):
        for _ in range(2):
            with pytest.raises(Away):
                circuit.call(fail, Away)
        assert circuit.call(lambda: 1, Away) == 1


def test_another_exception_is_an_answer() -> None:
    circuit = Circuit("server", failures=1, now=Time())
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            circuit.call(lambda: 1 / 0, Away)


def test_after_the_rest_one_caller_tries_while_the_others_are_refused() -> None:
    time = Time()
    circuit = open_circuit(time)
    time.now += 10.1
    others: list[bool] = []

    def try_out() -> str:
        with pytest.raises(CircuitOpen):
            circuit.call(lambda: "another", Away)
        others.append(True)
        return "answer"

    assert circuit.call(try_out, Away) == "answer"
    assert others == [True]
    assert circuit.call(lambda: "another", Away) == "another"


def test_a_trial_that_fails_leaves_it_open_for_another_rest() -> None:
    time = Time()
    circuit = open_circuit(time)
    time.now += 10.1
    with pytest.raises(Away):
        circuit.call(fail, Away)
    time.now += 9
    with pytest.raises(CircuitOpen):
        circuit.call(lambda: 1, Away)
    time.now += 1.1
    assert circuit.call(lambda: 1, Away) == 1


def test_a_trial_that_never_comes_back_holds_up_nobody_for_good() -> None:
    time = Time()
    circuit = open_circuit(time)
    time.now += 10.1
    with pytest.raises(SystemExit):
        circuit.call(lambda: exec("raise SystemExit"), Away)
    time.now += 10.1
    assert circuit.call(lambda: 1, Away) == 1
