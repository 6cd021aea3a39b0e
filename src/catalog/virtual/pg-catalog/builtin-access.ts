import { RoleOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type {
  BuiltinAmop,
  BuiltinAmproc,
  BuiltinCollation,
  BuiltinConversion,
  BuiltinLanguage,
  BuiltinOpclass,
} from '../../builtin/index.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers } from '../scan.js';
import { withChangedAcls } from '../values.js';

/** Access methods with their operator classes and families, collations, languages and ranges: all of them built in. */
export const ACCESS_PROVIDERS: Providers = {
  'pg_catalog.pg_am': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.accessMethods().map((am) => [am.oid, am.name, am.handler, am.kind]), ['oid']),
  'pg_catalog.pg_opclass': (scan) => scan.builtinRows.matching(scan, (builtin) => builtin.opclasses().map(opclassRow), ['oid', 'opcname']),
  'pg_catalog.pg_opfamily': (scan) =>
    scan.builtinRows.matching(
      scan,
      (builtin) => builtin.opfamilies().map((family) => [family.oid, family.method, family.name, family.namespace, RoleOid.postgres]),
      ['oid'],
    ),
  'pg_catalog.pg_amop': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.amops().map(amopRow), ['oid', 'amopfamily', 'amopopr']),
  'pg_catalog.pg_amproc': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.amprocs().map(amprocRow), ['oid', 'amprocfamily', 'amproc']),
  'pg_catalog.pg_collation': (scan) => [
    ...scan.builtinRows.matching(scan, (builtin) => builtin.collations().map((own) => collationRow(own, RoleOid.postgres)), [
      'oid',
      'collname',
    ]),
    ...scan.catalog
      .freeStanding('collation')
      .map((own) => collationRow({ ...own, namespace: own.schema, deterministic: true, icuLocale: undefined }, own.owner)),
  ],
  'pg_catalog.pg_conversion': (scan) =>
    scan.builtinRows.matching(scan, (builtin) => builtin.conversions().map(conversionRow), ['oid', 'conname']),
  'pg_catalog.pg_language': (scan) =>
    withChangedAcls(
      scan.catalog,
      CatalogOid.pgLanguage,
      scan.builtinRows.matching(scan, (builtin) => languages(builtin.languages()), ['oid', 'lanname']),
      LANGUAGE_ACL,
    ),
};

const LANGUAGE_ACL = 8;

function conversionRow({ oid, name, namespace, from, to, proc, isDefault }: BuiltinConversion): Row {
  return [oid, name, namespace, RoleOid.postgres, from, to, proc, isDefault];
}

function opclassRow(opclass: BuiltinOpclass): Row {
  return [
    opclass.oid,
    opclass.method,
    opclass.name,
    opclass.namespace,
    RoleOid.postgres,
    opclass.family,
    opclass.inputType,
    opclass.isDefault,
    opclass.keyType,
  ];
}

function amopRow(amop: BuiltinAmop): Row {
  return [amop.oid, amop.family, amop.left, amop.right, amop.strategy, amop.purpose, amop.operator, amop.method, amop.sortFamily];
}

function amprocRow(amproc: BuiltinAmproc): Row {
  return [amproc.oid, amproc.family, amproc.left, amproc.right, amproc.number, amproc.proc];
}

function collationRow(collation: BuiltinCollation, owner: number): Row {
  return [
    collation.oid,
    collation.name,
    collation.namespace,
    owner,
    collation.provider,
    collation.deterministic,
    collation.encoding,
    collation.collate ?? null,
    collation.ctype ?? null,
    collation.icuLocale ?? null,
    null, // collversion
  ];
}

/** Functions of the languages: the validators of PostgreSQL's own, by oid. */
const VALIDATORS: Readonly<Record<string, number>> = { internal: 2246, c: 2247, sql: 2248, plpgsql: 13562 };

/** Only those whose functions can be run: PL/pgSQL comes with its own issue. */
const PLPGSQL_HANDLER = 13560;
const PLPGSQL_INLINE_HANDLER = 13561;

function languages(all: readonly BuiltinLanguage[]): Row[] {
  return all
    .filter((language) => language.name in VALIDATORS)
    .map((language) => [
      language.oid,
      language.name,
      RoleOid.postgres,
      language.isProcedural,
      language.trusted,
      language.isProcedural ? PLPGSQL_HANDLER : 0,
      language.isProcedural ? PLPGSQL_INLINE_HANDLER : 0,
      VALIDATORS[language.name] ?? 0,
      null, // lanacl
    ]);
}
