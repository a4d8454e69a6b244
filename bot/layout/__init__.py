"""What users see: the only place where it is put together, out of four kinds of pieces and nothing else."""

from bot.layout.answers import answer_shown, help_shown, passages_shown, said
from bot.layout.articles import article_shown, articles_shown
from bot.layout.pages import Shown
from bot.layout.reports import failure_shown, report_shown, status_shown

__all__ = [
    "Shown",
    "answer_shown",
    "article_shown",
    "articles_shown",
    "failure_shown",
    "help_shown",
    "passages_shown",
    "report_shown",
    "said",
    "status_shown",
]
