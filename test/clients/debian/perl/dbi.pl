#!/usr/bin/perl
# DBD::Pg: placeholders, types, arrays, COPY, large results, the catalog methods, savepoints, asynchronous queries.
use strict;
use warnings;
use utf8;
use DBI;
use DBD::Pg qw(:pg_types :async);
use Data::Dumper;
binmode STDOUT, ':utf8';
$Data::Dumper::Sortkeys = $Data::Dumper::Terse = 1;
$Data::Dumper::Indent = 0;

my $dbh = DBI->connect("dbi:Pg:", $ENV{PGUSER}, $ENV{PGPASSWORD}, { RaiseError => 1, PrintError => 0, PrintWarn => 0, AutoCommit => 1 });
sub show { print Dumper(@_ == 1 ? $_[0] : [@_]), "\n" }
sub attempt { my ($what, $action) = @_; eval { show($action->()); 1 } or print "$what: ", $dbh->state, " ", (split /\n/, $dbh->errstr)[0], "\n" }

$dbh->do(q{CREATE SCHEMA app; SET search_path = app, public});
$dbh->do(q{CREATE TABLE parent (id serial PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', tags text[], amount numeric(10,2), at timestamptz, data jsonb, raw bytea, ok bool, CONSTRAINT pos CHECK (amount > 0))});
$dbh->do(q{CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL REFERENCES parent ON DELETE CASCADE, UNIQUE (parent, id)); COMMENT ON TABLE child IS 'a child'; CREATE INDEX by_lower ON parent (lower(name))});
my $insert = $dbh->prepare('INSERT INTO parent (name, tags, amount, at, data, raw, ok) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id');
$insert->bind_param(6, undef, { pg_type => PG_BYTEA });
for my $i (1 .. 3) {
  $insert->execute("näme $i", ['a', "b,\"$i", undef], $i + 0.5, "2024-01-0$i 00:00:00+00", "{\"i\": $i}", "\0\xff$i", $i % 2);
  show($insert->fetchrow_array);
}
show($dbh->selectall_arrayref('SELECT id, name, tags, amount, at, data, raw, ok FROM parent ORDER BY id'));
show($dbh->selectall_hashref('SELECT id, name FROM parent WHERE id = ANY(?)', 'id', undef, [1, 2]));
show($dbh->selectrow_array('SELECT $1::int + $2::int', undef, 1, 2), $dbh->last_insert_id(undef, 'app', 'parent', undef));
show($dbh->do('UPDATE parent SET ok = true WHERE id > ?', undef, 1), $dbh->do('DELETE FROM parent WHERE false'));
attempt('check', sub { $dbh->do('INSERT INTO parent (amount) VALUES (-1)') });
attempt('syntax', sub { $dbh->do('SELEC 1') });
attempt('failed', sub { $dbh->selectrow_array('SELECT 1/?', undef, 0) });

print "== catalogs\n";
my $strip = sub { my ($sth, @drop) = @_; my $rows = $sth->fetchall_arrayref({}); for my $row (@$rows) { delete @$row{@drop} } show($_) for @$rows };
$strip->($dbh->table_info(undef, 'app', '%', 'TABLE'));
$strip->($dbh->column_info(undef, 'app', 'parent', '%'));
$strip->($dbh->primary_key_info(undef, 'app', 'parent'));
$strip->($dbh->foreign_key_info(undef, 'app', 'parent', undef, 'app', 'child'));
$strip->($dbh->statistics_info(undef, 'app', 'child', 0, 0), qw(PAGES CARDINALITY));
show($dbh->primary_key(undef, 'app', 'child'), [$dbh->tables(undef, 'app', '%', 'TABLE')]);
my $typed = $dbh->prepare('SELECT id, name, amount, at FROM parent WHERE id = ?');
$typed->execute(1);
show($typed->{NAME}, $typed->{pg_type}, $typed->{PRECISION}, $typed->{SCALE}, $typed->{NULLABLE}, $typed->{NUM_OF_PARAMS});

print "== transactions\n";
$dbh->begin_work;
$dbh->do('INSERT INTO child VALUES (1, 1)');
$dbh->pg_savepoint('here');
attempt('foreign key', sub { $dbh->do('INSERT INTO child VALUES (2, 99)') });
attempt('aborted', sub { $dbh->do('SELECT 1') });
$dbh->pg_rollback_to('here');
$dbh->commit;
show($dbh->selectrow_array('SELECT count(*) FROM child'), $dbh->ping, $dbh->pg_notifies);

print "== COPY\n";
$dbh->do('COPY child (id, parent) FROM STDIN');
$dbh->pg_putcopydata("$_\t1\n") for 10 .. 15;
$dbh->pg_putcopyend;
$dbh->do('COPY (SELECT * FROM child ORDER BY id) TO STDOUT');
my ($line, @lines);
push @lines, $line while $dbh->pg_getcopydata($line) >= 0;
show(\@lines);

print "== asynchronous\n";
$dbh->do('SELECT pg_sleep(0.2), 42', { pg_async => PG_ASYNC });
show($dbh->pg_ready);
show($dbh->pg_result);
$dbh->do('SELECT pg_sleep(30)', { pg_async => PG_ASYNC });
show($dbh->pg_cancel);
$dbh->do('LISTEN news');
$dbh->do(q{NOTIFY news, 'hello'});
my $notify = $dbh->pg_notifies;
show($notify->[0], $notify->[2]);
my @warned;
local $SIG{__WARN__} = sub { push @warned, @_ };
$dbh->{PrintWarn} = 1;
$dbh->do(q{DO $$ BEGIN RAISE WARNING 'careful'; END $$});
show($warned[0] =~ /careful/ ? 'warned' : 'not warned');
$dbh->disconnect;
