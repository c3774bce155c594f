"""The blueprint that every part of decision's API adds its views to."""

from shared.web import Api

api = Api("decision")
