"""The blueprint that every part of surveillance's API adds its views to."""

from shared.web import Api

api = Api("surveillance")
