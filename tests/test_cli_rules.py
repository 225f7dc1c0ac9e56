"""`arlint explain`, `rules`, `test-rules` and `clean` as they are typed."""

from __future__ import annotations

import json

from conftest import NOTE, OWN_RULES, SAFE, UNSAFE, Command


def test_explain(own: Command) -> None:
    run = own("explain", UNSAFE)
    assert run.out == (
        "outlet/made-up: A made-up outlet left alone\n"
        "stable, warning, since 0.1; profiles: editorial, corpus, strict\n\n"
        "Why\n  The outlet does not exist. Its repair deletes, so it is unsafe.\n\n"
        "Examples\n  - قال ظغخز كلامًا.\n  + قال كلامًا.\n\n"
        "Left alone\n  = قال ظغخزا كلامًا.\n  = قال ظغخ كلامًا.\n\n"
        "Safety of the repair\n  Unsafe: applied with --unsafe-fixes only.\n  it removes a word\n"
    )
    assert "Options\n  tone = mild, sharp (mild: the default)\n" in own("explain", NOTE).out
    assert "آمن: لا يغيّر ما يقرؤه القارئ." in own("explain", "--lang", "ar", SAFE).out


def test_rules_says_what_is_in_force(own: Command) -> None:
    run = own("rules", "--ignore", SAFE)
    shown = {line[2:].split()[0]: line[0] for line in run.lines if "/made-up" in line}
    assert shown == {NOTE: "+", UNSAFE: "+", SAFE: " "}
    assert run.lines[-1].endswith("2 of them (+) in force here")
    rows = {row["id"]: row for row in json.loads(own("rules", "--output-format", "json").out)}
    assert rows[NOTE] == {
        "id": NOTE,
        "family": "consistency",
        "summary": "A made-up word to think about",
        "status": "stable",
        "severity": "info",
        "since": "0.1",
        "profiles": ["editorial", "corpus", "strict"],
        "fix": None,
        "options": {"tone": ["mild", "sharp"]},
        "in_force": True,
    }


def test_rules_of_a_folder_are_tried(arlint: Command) -> None:
    run = arlint("test-rules", str(OWN_RULES))
    assert (run.status, run.out, run.err) == (0, "", "3 rules, 9 examples, 0 problems\n")


def test_every_problem_of_a_folder_is_told(arlint: Command) -> None:
    good = (OWN_RULES / "spelling" / "made-up.yaml").read_text("utf-8")
    arlint.write("r/spelling/a.yaml", good.replace("قال إخظغ., ", "قال اخظغ., ").replace("text: قال اخظغ.", "text: قال كلامًا."))
    arlint.write("r/spelling/b.yaml", good.replace("words:", "wrods:", 1))
    arlint.write("r/spelling/c.yaml", good)
    run = arlint("test-rules", "r")
    assert run.status == 1
    assert [line.partition(": ")[0] for line in run.lines] == ["r/spelling/b.yaml:8", "r/spelling/a.yaml:11", "r/spelling/a.yaml:12"]
    assert run.err == "2 rules, 6 examples, 3 problems\n"


def test_clean_drops_the_cache_alone(own: Command) -> None:
    cache = own.folder / "cache"
    (cache / "rules").mkdir(parents=True)
    (cache / "rules" / "x").write_bytes(b"x")
    (cache / "mine").write_bytes(b"x")
    run = own("clean", env={"ARLINT_CACHE_DIR": str(cache)})
    assert (run.status, run.out) == (0, f"emptied {cache}\n")
    assert [p.name for p in cache.iterdir()] == ["mine"]
