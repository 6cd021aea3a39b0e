import type { RoleDescriptor } from '../../catalog/descriptors.js';
import { SettingName } from '../../commons/setting-names.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { SessionStart } from '../../wire/port.js';
import type { SessionCore } from '../session-core.js';

/**
 * What a session starts with: the database's settings, then the role's, then the role's in the database, then the client's (`options=-c x=y`, then other parameters). A bad
 * value in the catalog is warned of and left out; one from the client refuses the connection.
 *
 * @throws SqlError
 */
export function startSettings(core: SessionCore, role: RoleDescriptor, start: SessionStart): void {
  const { settings } = core;
  settings.force(SettingName.sessionAuthorization, role.name);
  if (start.endUser !== undefined) settings.force(SettingName.kalamdbUserId, start.endUser);
  fromCatalog(core, core.catalog().database().settings);
  fromCatalog(core, role.settings);
  fromCatalog(core, role.settingsIn?.[core.database.oid] ?? {});
  for (const [name, value] of clientSettings(start.parameters)) settings.set(name, value, 'start');
}

function fromCatalog(core: SessionCore, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    try {
      core.settings.set(name, value, 'start');
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      core.notice({ severity: 'WARNING', code: error.code, message: error.message });
    }
  }
}

function* clientSettings(parameters: ReadonlyMap<string, string>): Iterable<readonly [name: string, value: string]> {
  const options = parameters.get('options');
  if (options !== undefined) yield* parseOptions(options);
  for (const [name, value] of parameters) if (name !== 'options') yield [name, value];
}

/** `-c name=value`, `-cname=value` and `--name=value`, with backslashes before spaces in values. @throws SqlError 42601 */
function* parseOptions(text: string): Iterable<readonly [name: string, value: string]> {
  const words = splitOptions(text);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    let assignment: string | undefined;
    if (word === '-c') assignment = words[++i];
    else if (word.startsWith('-c')) assignment = word.slice(2);
    else if (word.startsWith('--')) assignment = word.slice(2);
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment ?? '') ?? [];
    if (name === undefined || value === undefined) {
      throw new SqlError(SqlState.syntaxError, `invalid command-line argument for server process: ${word}`);
    }
    // Dashes stand for underscores here.
    yield [name.replaceAll('-', '_'), value];
  }
}

function splitOptions(text: string): readonly string[] {
  const words = text.match(/(?:\\.|[^\\\s])+/gs) ?? [];
  return words.map((word) => word.replace(/\\(.)/gs, '$1'));
}
