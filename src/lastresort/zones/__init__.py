"""Time zones by any name that people and programs write, and the countries and places behind them."""
