"""What are the words of this Turkish text? Pure: no IO at run time, no fields, nothing of ours."""

from index.analysis.analyzer import Analyzer
from index.analysis.fold import fold, turkish_lower
from index.analysis.token import Forms, Token

__all__ = ["Analyzer", "Forms", "Token", "fold", "turkish_lower"]
