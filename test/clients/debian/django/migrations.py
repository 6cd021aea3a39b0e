"""manage.py: makemigrations, sqlmigrate, migrate there and back, inspectdb, fixtures, and the rest that works on the schema."""
import io
import os
import re
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "project"), os.getcwd()]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.core.management import call_command

django.setup()

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import connection


def manage(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=out, no_color=True, **options)
    return out.getvalue().strip()


print(re.sub(r"'.*library_migrations", "'library_migrations", manage("makemigrations", "library")))
print(manage("sqlmigrate", "library", "0001"))
print(manage("sqlmigrate", "auth", "0001"))
print(manage("migrate"))
print(manage("migrate"))
print(manage("makemigrations", "--check", "--dry-run"))
print(manage("showmigrations", "library", "auth"))
print(manage("check", "--database", "default"))
print(manage("inspectdb", "library_book", "library_writing", "library_shelf", "auth_user", "django_session"))
with connection.cursor() as cursor:
    print(sorted(connection.introspection.table_names(cursor)))
    for table in ("library_book", "library_writing"):
        print(connection.introspection.get_sequences(cursor, table))
        print(sorted(connection.introspection.get_relations(cursor, table).items()))
        print(connection.introspection.get_primary_key_column(cursor, table))
        for name, constraint in sorted(connection.introspection.get_constraints(cursor, table).items()):
            print(name, constraint)

print(Permission.objects.count(), list(Permission.objects.filter(content_type__app_label="library").values_list("codename", flat=True)[:3]))
user = User.objects.create_user("ann", "ann@example.com", "pw")
group = Group.objects.create(name="readers")
group.permissions.set(Permission.objects.filter(codename__startswith="view_"))
user.groups.add(group)
print(user.has_perm("library.view_book"), user.has_perm("library.add_book"), user.check_password("pw"))
data = manage("dumpdata", "auth.group", "auth.user", "--natural-foreign", "--indent", "1")
print(re.sub(r'"(date_joined|password)": "[^"]*"', r'"\1": "…"', data))
with open("data.json", "w") as file:
    file.write(data)
print(re.sub(r"from .*", "", manage("flush", "--no-input")), User.objects.count())
print(manage("loaddata", "data.json"), User.objects.get().groups.get().permissions.count())
print(manage("sqlflush").count("TRUNCATE"), manage("sqlsequencereset", "library", "auth"))
for sql in manage("sqlsequencereset", "auth").split("\n")[1:-1]:
    connection.cursor().execute(sql)
print(User.objects.create(username="next").pk)

print("a change, and back")
with open("library_migrations/0002_change.py", "w") as file:
    file.write("""
from django.contrib.postgres.operations import HStoreExtension, TrigramExtension, AddIndexConcurrently
from django.contrib.postgres.fields import HStoreField
from django.db import migrations, models


def forwards(apps, schema_editor):
    apps.get_model("library", "Author").objects.create(name="made by a migration")


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]
    operations = [
        HStoreExtension(), TrigramExtension(),
        migrations.AddField("author", "extra", HStoreField(null=True)),
        migrations.AddField("author", "rank", models.IntegerField(default=5)),
        migrations.AlterField("author", "name", models.TextField(unique=True)),
        migrations.AlterField("book", "pages", models.BigIntegerField(null=True)),
        migrations.RenameField("author", "born", "birthday"),
        migrations.RenameModel("Shelf", "Place"),
        migrations.RemoveConstraint("book", "title_on_shelf"),
        migrations.AlterUniqueTogether("writing", {("author", "book", "part")}),
        migrations.RunSQL("CREATE VIEW titles AS SELECT title FROM library_book", "DROP VIEW titles"),
        migrations.AlterField("author", "id", models.AutoField(primary_key=True, serialize=False)),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.AlterModelTable("writing", "writings")]),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
""")
with open("library_migrations/0003_index.py", "w") as file:
    file.write("""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("library", "0002_change")]
    operations = [AddIndexConcurrently("author", models.Index(fields=["rank"], name="by_rank"))]
""")
print(manage("sqlmigrate", "library", "0002"))
print(manage("migrate", "library"))
with connection.cursor() as cursor:
    cursor.execute("SELECT id, name, rank FROM library_author")
    print(cursor.fetchall())
    for name, constraint in sorted(connection.introspection.get_constraints(cursor, "library_author").items()):
        print(name, constraint)
print(manage("migrate", "library", "0001"))
print(manage("migrate", "library", "zero"))
with connection.cursor() as cursor:
    print([name for name in connection.introspection.table_names(cursor) if "library" in name])
