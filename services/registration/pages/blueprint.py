"""The blueprint that every part of registration's pages adds its views to."""

from shared.web import Pages

pages = Pages("registration", __name__)
