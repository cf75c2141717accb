"""One problem: its texts, its answer in LaTeX, and a function that works the answer out another way."""
from dataclasses import dataclass
from typing import Callable, Optional


@dataclass
class Problem:
    level: int  # 1 one step .. 5 competition style
    kind: str  # of answer
    text: str
    answer: str
    check: Callable
    zh: Optional[str] = None
