"""Training output that must agree with itself: metrics computed from counts, in the layout the Trainer prints.

All counts are on the 357 test rows (20 % of 1,785), so every F1 in a story can be recomputed from its line.
"""

from __future__ import annotations

from dataclasses import dataclass

TEST_ROWS = 357


@dataclass(frozen=True)
class Counts:
    """Confusion counts of the positive class on the test rows."""

    hits: int
    false_alarms: int
    misses: int

    @property
    def precision(self) -> float:
        """Share of predicted positives that are right."""
        return self.hits / (self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """Share of positives that were found."""
        return self.hits / (self.hits + self.misses)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (2 * self.hits + self.false_alarms + self.misses)

    @property
    def accuracy(self) -> float:
        """Share of test rows that are right."""
        return (TEST_ROWS - self.false_alarms - self.misses) / TEST_ROWS

    @property
    def true_negatives(self) -> int:
        """Negatives that were left alone."""
        return TEST_ROWS - self.hits - self.false_alarms - self.misses


def step(loss: float, grad: float, rate: float, epoch: float) -> str:
    """One training log line."""
    return f"{{'loss': {loss}, 'grad_norm': {grad}, 'learning_rate': {rate}, 'epoch': {epoch}}}"


def evaluation(counts: Counts, loss: float, runtime: float, epoch: float) -> str:
    """One evaluation log line; runtime in seconds."""
    shown = (
        f"'eval_loss': {loss}, 'eval_accuracy': {counts.accuracy!r}, 'eval_precision': {counts.precision!r}, "
        f"'eval_recall': {counts.recall!r}, 'eval_f1': {counts.f1!r}, 'eval_runtime': {runtime}, "
        f"'eval_samples_per_second': {TEST_ROWS / runtime:.3f}, 'epoch': {epoch}"
    )
    return "{" + shown + "}"


def report(counts: Counts, names: tuple[str, str]) -> str:
    """A classification report in the two-class layout scikit-learn prints."""
    flipped = Counts(counts.true_negatives, counts.misses, counts.false_alarms)
    lines = ["              precision    recall  f1-score   support", ""]
    for name, side in ((names[0], flipped), (names[1], counts)):
        support = side.hits + side.misses
        lines.append(f"{name:>12}  {side.precision:9.4f} {side.recall:9.4f} {side.f1:9.4f} {support:9d}")
    lines += ["", f"    accuracy  {'':19} {counts.accuracy:9.4f} {TEST_ROWS:9d}"]
    return "\n".join(lines)
