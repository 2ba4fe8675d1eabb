"""Tests: unit (fast), integration (one published night), e2e (runs started, killed, repeated)."""
