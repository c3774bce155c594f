"""The stock of pre-printed sheets (blanko): received, printed on, spoiled; certificates handed over."""
