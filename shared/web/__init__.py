"""HTTP: what every service's api.py and pages.py are made of."""

from flask_openapi3.models.file import FileStorage

from shared.pagination import Page, PageQuery, containing, paginate
from shared.web.access import allow, limited, no_csrf, public, signed_in
from shared.web.api import Api, ById, file_response
from shared.web.app import App, create_app, mounted
from shared.web.authentication import TOKEN_COOKIE, actor, actor_or_none, csrf_token
from shared.web.downloads import csv_download, download
from shared.web.forms import Form
from shared.web.headers import keep
from shared.web.navigation import Place, landing
from shared.web.pages import Pages, go, page, tell, tell_refusal
from shared.web.problems import Problem
from shared.web.reading import read_query
from shared.web.translation import gettext, language, ngettext
from shared.web.uploads import Upload, checked_upload
from shared.web.work import database, reading, unit_of_work

__all__ = [
    "TOKEN_COOKIE",
    "Api",
    "App",
    "ById",
    "FileStorage",
    "Form",
    "Page",
    "PageQuery",
    "Pages",
    "Place",
    "Problem",
    "Upload",
    "actor",
    "actor_or_none",
    "allow",
    "checked_upload",
    "containing",
    "create_app",
    "csrf_token",
    "csv_download",
    "database",
    "download",
    "file_response",
    "gettext",
    "go",
    "keep",
    "landing",
    "language",
    "limited",
    "mounted",
    "ngettext",
    "no_csrf",
    "page",
    "paginate",
    "public",
    "read_query",
    "reading",
    "signed_in",
    "tell",
    "tell_refusal",
    "unit_of_work",
]
