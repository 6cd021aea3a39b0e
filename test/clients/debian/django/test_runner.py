"""manage.py test: makes a database, migrates, runs the tests, and drops it; then once more on a database that is kept."""
import io
import os
import sys
import unittest

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "project"), os.getcwd()]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import get_runner

with open(os.devnull, "w") as nowhere:
    call_command("makemigrations", "library", stdout=nowhere)
for options in ({"keepdb": True}, {"keepdb": True, "reverse": True}, {"interactive": False}):
    runner = get_runner(settings)(verbosity=0, **options)
    print(runner.run_tests(["library"]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%'")
        print(cursor.fetchall())
