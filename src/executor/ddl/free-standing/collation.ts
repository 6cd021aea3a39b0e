import type { CollationDescriptor } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement } from '../../../planner/parse/ast.js';
import { collationByName } from '../collations.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, lockName } from '../names.js';
import { skipping } from '../notices.js';
import { booleanOption, textOption, uniqueOptions } from '../options.js';
import { newOid } from '../table-draft.js';

type Meaning = Pick<CollationDescriptor, 'provider' | 'encoding' | 'collate' | 'ctype'>;

/** What compares by code points; all other locales would be a promise that no comparison keeps. */
const BY_CODE_POINTS = /^(C|POSIX|C\.utf-?8)$/i;
const UTF8 = 6;

/** CREATE COLLATION of what text is compared by here anyway. @throws SqlError 42710, 42P17, 0A000 … */
export async function createCollation(statement: UtilityStatement<'create collation'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CREATE COLLATION';
  const { name } = statement.name;
  const schema = creationSchema(statement.name, false, cx);
  await lockName('collation', `${schema.oid} ${name}`, cx);
  const meaning = meaningOf(statement.options, cx);
  const taken = catalogOf(cx)
    .freeStanding('collation')
    .find((other) => other.schema === schema.oid && other.name === name);
  if (taken !== undefined) {
    // One of any encoding is told as such.
    const hasEncoding = meaning.encoding >= 0 && taken.encoding === meaning.encoding;
    const what = `collation "${name}"${hasEncoding ? ' for encoding "UTF8"' : ''}`;
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateObject, `${what} already exists`);
    skipping(cx, what, SqlState.duplicateObject);
    return { tag };
  }
  const { currentRole: owner } = cx.session;
  cx.session.catalog.put(cx.transaction, { kind: 'collation', oid: newOid(cx), name, schema: schema.oid, owner, ...meaning });
  return { tag };
}

function meaningOf(given: readonly DefElement[], cx: UtilityContext): Meaning {
  const options = uniqueOptions(given);
  const copied = options.get('from');
  if (copied?.value?.type === 'name') return copyOf(copied.value.name, cx);
  for (const option of given)
    if (!KNOWN.has(option.name))
      throw new SqlError(SqlState.syntaxError, `collation attribute "${option.name}" not recognized`, {
        position: option._location?.start,
      });
  const provider = textOf(options.get('provider')) ?? 'libc';
  if (provider.toLowerCase() === 'icu') throw notSupported('a collation of provider icu');
  if (provider.toLowerCase() !== 'libc') throw invalid(`unrecognized collation provider: ${provider}`);
  const locale = textOf(options.get('locale'));
  const collate = textOf(options.get('lc_collate')) ?? locale;
  const ctype = textOf(options.get('lc_ctype')) ?? locale;
  if (locale !== undefined && (options.has('lc_collate') || options.has('lc_ctype')))
    throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', {
      detail: 'LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.',
    });
  if (collate === undefined) throw invalid('parameter "lc_collate" must be specified');
  if (ctype === undefined) throw invalid('parameter "lc_ctype" must be specified');
  const deterministic = options.get('deterministic');
  if (deterministic !== undefined && !booleanOption(deterministic))
    throw new SqlError(SqlState.featureNotSupported, 'nondeterministic collations not supported with this provider');
  for (const wanted of [collate, ctype])
    if (!BY_CODE_POINTS.test(wanted)) throw notSupported(`a collation of locale "${wanted}" (text is compared by code points)`);
  return { provider: 'c', encoding: UTF8, collate, ctype };
}

const KNOWN: ReadonlySet<string> = new Set(['locale', 'lc_collate', 'lc_ctype', 'provider', 'deterministic', 'version']);

function copyOf(name: Parameters<typeof collationByName>[0], cx: UtilityContext): Meaning {
  const source = collationByName(name, cx);
  if (source.provider === 'd') throw invalid('collation "default" cannot be copied');
  return { provider: 'c', encoding: source.encoding, collate: source.collate ?? 'C', ctype: source.ctype ?? 'C' };
}

function textOf(option: DefElement | undefined): string | undefined {
  return option === undefined ? undefined : textOption(option);
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidObjectDefinition, message);
}
