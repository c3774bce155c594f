"""The blueprint that every part of the API adds its views to."""

from shared.web import Api

api = Api("certificate")
