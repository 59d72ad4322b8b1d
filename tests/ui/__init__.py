"""The pages: their parts, the process behind them, the script, and what a browser shows."""
