-- Up Migration
-- The format of the open workflows: `npm run upgrade` restarts those of an older one from their rows.
create table workflow_format (
  version integer not null,
  is_only boolean primary key default true check (is_only)
);
insert into workflow_format (version) values (1);
comment on table workflow_format is 'The format of all open workflows, one row: npm run upgrade restarts those of an older format from their rows.';
comment on column workflow_format.is_only is 'Holds the table to one row.';
