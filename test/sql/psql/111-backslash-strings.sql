-- standard_conforming_strings = off: backslashes in plain literals are escapes.
SET standard_conforming_strings = off;
SELECT 'a\\b', 'it\'s', 'x\ty\x41\101\u00e9', 'a''b', N'\n' = E'\n';
SELECT E'\\', B'101', X'1f', "current_schema" FROM current_schema();
SELECT 'one' /* '\ */ 'two';
SELECT $$a\b$$, '\\' -- '\'
  AS end;
SET escape_string_warning = off;
SELECT 'a\\b', 'it\'s' '',
  nosuch;
SELECT 'first'
  '\\second' AS continued;
SELECT U&'a';
SELECT 'a\u00';
SELECT 'a\U0000d83d';
PREPARE p AS SELECT 'pre\\pared', $1 || '\\';
EXECUTE p('x\\y');
SHOW standard_conforming_strings;
RESET standard_conforming_strings;
SELECT 'a\\b', 'a\';
EXECUTE p('x\\y');
