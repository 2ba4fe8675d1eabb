"""The quality gates: suites as YAML in suites/, and `runner`, which runs one with Great Expectations."""
