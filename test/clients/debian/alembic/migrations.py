"""Alembic: migrations there and back, autogenerate that then finds nothing to do, and offline SQL."""
import io
import os
import re
from contextlib import redirect_stdout
from textwrap import dedent

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql as pg

os.makedirs("scripts/versions")
with open("scripts/env.py", "w") as file:
    file.write(dedent("""
        from alembic import context
        from sqlalchemy import create_engine
        if context.is_offline_mode():
            context.configure(dialect_name="postgresql", transaction_per_migration=True)
            with context.begin_transaction():
                context.run_migrations()
        else:
            with create_engine("postgresql+psycopg2://").connect() as connection:
                context.configure(connection=connection, transactional_ddl=True)
                with context.begin_transaction():
                    context.run_migrations()
    """))
VERSIONS = [
    ("one", None, """
        op.create_table("account", sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True), sa.Column("name", sa.String(50), nullable=False, server_default="x"), sa.Column("mood", sa.Enum("sad", "ok", name="mood")),
            sa.UniqueConstraint("name", name="account_name"), sa.CheckConstraint("length(name) > 0", name="account_named"), comment="who")
        op.create_table("entry", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("account", sa.Integer, sa.ForeignKey("account.id", name="of_account", ondelete="CASCADE")), sa.Column("data", pg.JSONB), sa.Column("amount", sa.Numeric(10, 2)))
        op.create_index("by_amount", "entry", [sa.text("amount DESC"), "account"], postgresql_where=sa.text("amount > 0"))
        op.bulk_insert(sa.table("account", sa.column("name", sa.String)), [{"name": "ann"}, {"name": "bob"}])
     """, """
        op.drop_table("entry")
        op.drop_table("account")
        op.execute("DROP TYPE mood")
     """),
    ("two", "one", """
        op.add_column("account", sa.Column("tags", pg.ARRAY(sa.Text), server_default="{}"))
        op.alter_column("account", "name", type_=sa.Text, existing_type=sa.String(50), new_column_name="full_name", server_default=None, comment="in full")
        op.alter_column("entry", "amount", type_=sa.BigInteger, postgresql_using="round(amount)::bigint", nullable=False)
        op.drop_constraint("account_named", "account", type_="check")
        op.create_check_constraint("longer", "account", "length(full_name) > 1")
        op.drop_constraint("of_account", "entry", type_="foreignkey")
        op.create_foreign_key("of_account", "entry", "account", ["account"], ["id"], onupdate="CASCADE", deferrable=True, initially="DEFERRED")
        op.rename_table("entry", "line")
        op.create_table_comment("line", "a line")
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' AFTER 'ok'")
            op.create_index("by_mood", "account", ["mood"], postgresql_concurrently=True)
     """, """
        op.drop_index("by_mood", "account")
        op.rename_table("line", "entry")
        op.drop_constraint("of_account", "entry", type_="foreignkey")
        op.create_foreign_key("of_account", "entry", "account", ["account"], ["id"], ondelete="CASCADE")
        op.drop_constraint("longer", "account", type_="check")
        op.create_check_constraint("account_named", "account", "length(full_name) > 0")
        op.alter_column("entry", "amount", type_=sa.Numeric(10, 2), nullable=True)
        op.alter_column("account", "full_name", type_=sa.String(50), new_column_name="name", server_default="x", comment=None)
        op.drop_column("account", "tags")
     """),
]
for name, before, up, down in VERSIONS:
    with open(f"scripts/versions/{name}.py", "w") as file:
        file.write(f"import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql as pg\n\nrevision = {name!r}\ndown_revision = {before!r}\nbranch_labels = depends_on = None\n\n\ndef upgrade():\n{up}\n\ndef downgrade():\n{down}\n")

config = Config(stdout=io.StringIO())
config.set_main_option("script_location", "scripts")
engine = sa.create_engine("postgresql+psycopg2://")


def shape():
    with engine.connect() as conn:
        found = sa.inspect(conn)
        for table in sorted(found.get_table_names()):
            print(table, [(c["name"], str(c["type"]), c["nullable"], c["default"], c.get("comment")) for c in found.get_columns(table)], found.get_pk_constraint(table)["name"], found.get_unique_constraints(table),
                  found.get_check_constraints(table), [(f["name"], f["options"]) for f in found.get_foreign_keys(table)], [i["name"] for i in found.get_indexes(table)], found.get_table_comment(table))
        print(found.get_enums())


for action, revision in ((command.upgrade, "one"), (command.upgrade, "head"), (command.downgrade, "one"), (command.upgrade, "head")):
    action(config, revision)
    shape()
    with engine.connect() as conn:
        print(conn.exec_driver_sql("SELECT version_num FROM alembic_version").fetchall(), conn.exec_driver_sql("SELECT * FROM account ORDER BY id").fetchall())

print("autogenerate")
meta = sa.MetaData()
with engine.connect() as conn:
    meta.reflect(conn)
    context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
    print(compare_metadata(context, meta))
    account = meta.tables["account"]
    account.append_column(sa.Column("extra", sa.Integer, nullable=False))
    account.c.full_name.type = sa.String(10)
    account.c.tags.server_default = None
    sa.Table("more", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("account", sa.ForeignKey("account.id")), sa.Index("more_by_account", "account"))
    for change in compare_metadata(context, meta):
        print(re.sub(r" at 0x\w+", "", str(change if isinstance(change, tuple) else change[0])))

print("offline")
out = io.StringIO()
with redirect_stdout(out):
    config = Config(output_buffer=out)
    config.set_main_option("script_location", "scripts")
    command.upgrade(config, "head", sql=True)
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
    conn.exec_driver_sql("DROP TABLE line, account, alembic_version; DROP TYPE mood")
    conn.connection.cursor().execute(out.getvalue().split("ALTER TYPE")[0] + "COMMIT")
    print(sorted(sa.inspect(conn).get_table_names()))
