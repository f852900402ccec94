"""Alembic's way in: it runs on the connection that archive/schema.py hands over."""

from alembic import context
from sqlmodel import SQLModel

import archive.catalogue_tables  # registers the rows of the register
import archive.device_tables  # registers the rows of phones
import archive.duty_tables  # registers the rows of guard duty
import archive.gate_tables  # registers the rows of visitors and keys
import archive.index_tables  # registers the rows of the index
import archive.number_tables  # registers the rows of printed numbers
import archive.office_act_tables  # registers the rows of what was done to people and settings
import archive.page_act_tables  # registers the rows of what people did to pages
import archive.part_tables  # registers the rows that file scans under dossiers
import archive.people_tables  # registers the rows of people, places and posts
import archive.replay_tables  # registers the rows of answers given once
import archive.session_tables  # registers the rows of sessions
import archive.tables  # noqa: F401  # registers the rows

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
