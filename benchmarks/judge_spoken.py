"""How a judge fares on questions about who said what: what no other question can set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.archive import Archive
from rag.assistant import READ
from rag.eval.suite import read_suite
from rag.extract import draft_answer
from rag.judge import Judge
from rag.question import read_question
from rag.rewrite import standalone
from rag.sources import Sources


@dataclass(frozen=True, slots=True)
class Spoken:
    """A suite that asks who said what, and the folder for its archive."""

    suite: Path
    home: Path

    def judged_by(self, judge: Judge) -> tuple[float, dict[str, Any]]:
        """What to add when the speaker asked about speaks: where both error rates are equal; and those."""
        seen = self._logits(judge)
        on = judge.weights.thresholds["on"]
        least = np.log(on / (1 - on))

        def rates(bonus: float) -> tuple[float, float]:
            answered = [(answerable, logit + bonus >= least) for answerable, logit in seen]
            wrong = np.mean([said for answerable, said in answered if not answerable])
            return float(wrong), float(np.mean([not said for answerable, said in answered if answerable]))

        # Where several values are as good, the middle one leaves most room on both sides.
        steps = np.linspace(0, 4, 81)
        gaps = np.array([max(rates(step)) for step in steps])
        bonus = round(float(np.median(steps[gaps == gaps.min()])), 2)
        wrong, missed = rates(bonus)
        return bonus, {"n": len(seen), "false_answer_rate": wrong, "false_abstain_rate": missed}

    def _logits(self, judge: Judge) -> list[tuple[bool, float]]:
        """Of the questions whose best sentence the speaker says: answerable or not, logit of confidence."""
        suite, seen = read_suite(self.suite), []
        with Archive.open(self.home) as archive:
            archive.ingest([suite.articles])
            for question in suite.questions:
                reading = read_question(standalone(question.text, question.history))
                vector = archive.embedder.embed_queries([reading.text])[0]
                hits = archive.search(reading.text, top_k=10, query_vector=vector)
                draft = draft_answer(reading, vector, hits[:READ], Sources(archive), judge)
                if draft.spoken:
                    seen.append((question.answerable, np.log(draft.confidence / (1 - draft.confidence))))
        return seen
