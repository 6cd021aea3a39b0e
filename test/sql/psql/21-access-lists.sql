-- Access lists as values.
CREATE TABLE acl_shown (a int);
GRANT SELECT, INSERT ON acl_shown TO PUBLIC;
SELECT relname, relacl FROM pg_class WHERE relname = 'acl_shown';
SELECT has_table_privilege('acl_shown', 'SELECT, INSERT');
\dp acl_shown
DROP TABLE acl_shown;
