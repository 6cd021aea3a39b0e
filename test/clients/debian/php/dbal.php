<?php
// PDO and pgsql of PHP, and Doctrine's DBAL: its schema manager and what it finds to change.
require_once '/usr/share/php/Doctrine/DBAL/autoload.php';

use Doctrine\DBAL\DriverManager;
use Doctrine\DBAL\Exception as DbalException;
use Doctrine\DBAL\Schema\Schema;

error_reporting(E_ALL & ~E_DEPRECATED);
$show = function (...$values) { echo implode(' ', array_map(fn ($v) => is_string($v) ? $v : json_encode($v, JSON_UNESCAPED_UNICODE), $values)), "\n"; };
$pdo = new PDO('pgsql:host=' . getenv('PGHOST') . ';port=' . getenv('PGPORT') . ';dbname=' . getenv('PGDATABASE'), getenv('PGUSER'), getenv('PGPASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$pdo->exec("CREATE TABLE t (id serial PRIMARY KEY, name varchar(20) UNIQUE, ok bool, n numeric(10,2), b bytea, at timestamptz DEFAULT '2024-01-01')");
foreach ([false, true] as $emulated) {
    $pdo->setAttribute(PDO::ATTR_EMULATE_PREPARES, $emulated);
    $insert = $pdo->prepare('INSERT INTO t (name, ok, n, b) VALUES (:name, :ok, :n, :b)');
    $insert->bindValue('name', "it's $emulated");
    $insert->bindValue('ok', true, PDO::PARAM_BOOL);
    $insert->bindValue('n', 1.5);
    $insert->bindValue('b', "\0\xff", PDO::PARAM_LOB);
    $insert->execute();
    $show($insert->rowCount(), $pdo->lastInsertId());
    $select = $pdo->prepare('SELECT id, name, ok, n, b FROM t WHERE id >= ? AND ok = ?');
    $select->execute([1, 't']);
    foreach ($select->fetchAll(PDO::FETCH_ASSOC) as $row) {
        $row['b'] = bin2hex(stream_get_contents($row['b']));
        $show($row);
    }
    for ($i = 0; $i < $select->columnCount(); $i++) $show($select->getColumnMeta($i)['native_type'], $select->getColumnMeta($i)['pdo_type'], $select->getColumnMeta($i)['table'] ?? '');
    try {
        $insert->execute();
    } catch (PDOException $e) {
        $show($e->getCode(), $e->errorInfo[2]);
    }
}
$cursor = $pdo->prepare('SELECT i FROM generate_series(1, 5) i', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]);
$pdo->beginTransaction();
$cursor->execute();
$show($cursor->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_LAST), $cursor->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_PRIOR), $cursor->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_ABS, 2));
$pdo->rollBack();
$pdo->pgsqlCopyFromArray('t', ["100\tcopied\tt\t1\t\\N\t2024-01-01", "101\t\\N\tf\t\\N\t\\N\t\\N"]);
$show($pdo->pgsqlCopyToArray('t', ';'));
$pdo->exec('LISTEN news');
$pdo->exec("NOTIFY news, 'hello'");
$heard = $pdo->pgsqlGetNotify(PDO::FETCH_ASSOC, 1000);
$show($heard['message'], $heard['payload'], $pdo->getAttribute(PDO::ATTR_CONNECTION_STATUS) !== '');

$pg = pg_connect('');
$show(pg_fetch_all(pg_query_params($pg, 'SELECT $1::int[] AS a, $2::jsonb AS j', ['{1,2}', '{"a": 1}'])), pg_insert($pg, 't', ['id' => 200, 'name' => 'inserted']) !== false, pg_select($pg, 't', ['id' => 200]), pg_update($pg, 't', ['name' => 'u'], ['id' => 200]), pg_meta_data($pg, 't'));
$show(pg_copy_from($pg, 't', ["300\tx\tt\t1\t\\N\t2024-01-01\n"]), pg_parameter_status($pg, 'server_encoding'), pg_field_type(pg_query($pg, 'SELECT n FROM t LIMIT 1'), 0));
pg_send_query($pg, 'SELECT 1; SELECT 1/0');
while ($result = pg_get_result($pg)) $show(pg_result_status($result), pg_result_error_field($result, PGSQL_DIAG_SQLSTATE));

echo "== DBAL\n";
$c = DriverManager::getConnection(['driver' => 'pdo_pgsql', 'host' => getenv('PGHOST'), 'port' => (int) getenv('PGPORT'), 'dbname' => getenv('PGDATABASE'), 'user' => getenv('PGUSER'), 'password' => getenv('PGPASSWORD')]);
$manager = $c->createSchemaManager();
$schema = new Schema([], [], $manager->createSchemaConfig());
$people = $schema->createTable('people');
$people->addColumn('id', 'integer', ['autoincrement' => true]);
$people->addColumn('name', 'string', ['length' => 40, 'default' => "it's", 'comment' => 'called']);
$people->addColumn('data', 'json', ['notnull' => false, 'platformOptions' => ['jsonb' => true]]);
$people->addColumn('amount', 'decimal', ['precision' => 10, 'scale' => 2, 'notnull' => false]);
$people->addColumn('at', 'datetimetz', ['notnull' => false]);
$people->addColumn('ok', 'boolean', ['default' => true]);
$people->addColumn('key', 'guid', ['notnull' => false]);
$people->addColumn('raw', 'blob', ['notnull' => false]);
$people->setPrimaryKey(['id']);
$people->addUniqueIndex(['name'], 'people_name');
$posts = $schema->createTable('posts');
$posts->addColumn('id', 'bigint', ['autoincrement' => true]);
$posts->addColumn('person', 'integer');
$posts->setPrimaryKey(['id']);
$posts->addIndex(['person'], 'by_person');
$posts->addForeignKeyConstraint('people', ['person'], ['id'], ['onDelete' => 'CASCADE'], 'of_person');
$schema->createSequence('numbers', 10, 100);
foreach ($schema->toSql($c->getDatabasePlatform()) as $sql) $c->executeStatement($sql);
$c->executeStatement('DROP TABLE t');
$found = $manager->introspectSchema();
foreach ($found->getTables() as $table) {
    if (!in_array($table->getName(), ['public.people', 'public.posts'])) continue;
    $show($table->getName());
    foreach ($table->getColumns() as $column) $show(['name' => $column->getName(), 'type' => get_class($column->getType())] + array_diff_key($column->toArray(), ['type' => 1]));
    foreach ($table->getIndexes() as $index) $show($index->getName(), $index->getColumns(), $index->isUnique(), $index->isPrimary());
    foreach ($table->getForeignKeys() as $key) $show($key->getName(), $key->getLocalColumns(), $key->getForeignTableName(), $key->getForeignColumns(), $key->getOptions());
}
foreach ($manager->listSequences() as $sequence) $show($sequence->getName(), $sequence->getAllocationSize(), $sequence->getInitialValue());
$people->modifyColumn('name', ['length' => 60, 'notnull' => false]);
$people->addColumn('added', 'smallint', ['notnull' => false]);
$people->dropIndex('people_name');
$comparator = $manager->createComparator();
$changes = $comparator->compareSchemas($manager->introspectSchema(), $schema)->toSaveSql($c->getDatabasePlatform());
foreach ($changes as $sql) {
    $show($sql);
    $c->executeStatement($sql);
}
$show($comparator->compareSchemas($manager->introspectSchema(), $schema)->toSaveSql($c->getDatabasePlatform()));
$c->insert('people', ['name' => 'Ann', 'data' => '{"a": 1}', 'ok' => true], ['ok' => 'boolean']);
$show($c->fetchAllAssociative('SELECT id, name, data, ok FROM people WHERE id IN (?)', [[1, 2]], [Doctrine\DBAL\ArrayParameterType::INTEGER ?? 101]));
foreach (["INSERT INTO posts (person) VALUES (99)", "INSERT INTO people (id) VALUES (1)", 'SELECT nope FROM people', 'SELECT * FROM nowhere', 'SELEC'] as $sql) {
    try {
        $c->executeStatement($sql);
    } catch (DbalException $e) {
        $show((new ReflectionClass($e))->getShortName());
    }
}
$c->setNestTransactionsWithSavepoints(true);
$c->transactional(fn ($c) => $c->transactional(fn ($c) => $c->executeStatement("UPDATE people SET name = 'nested'")));
$show($manager->listDatabases() !== [], $manager->listSchemaNames() !== []);
