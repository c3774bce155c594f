"""The blueprint that every part of registration's API adds its views to."""

from shared.web import Api

api = Api("registration")
