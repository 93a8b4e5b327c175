"""The frozen vocabulary. X12 facts are msgspec structs (made by the million); the rest is pydantic.

Money is `Decimal` in dollars, dates are `datetime.date`, unknown is `None`. Nothing here computes.
"""
