import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PeerCredentials } from '../authentication/peer-credentials.js';
import type { HbaMistake, HbaRule } from './hba-rule.js';
import { HostNames } from './host-names.js';
import { parseHba } from './parse-hba.js';

export const HBA_FILE = 'hba.conf';

/** What a data directory is born with: nobody gets in without a password that is never sent. */
export const FIRST_RULES = `# Who may connect, and how they show who they are: the first line that fits counts. Read at start and at pg_reload_conf() or SIGHUP.
# SELECT * FROM pg_hba_file_rules shows the lines and what is wrong with them.
#
# type: local (the Unix socket), host, hostssl (with TLS only), hostnossl
# database: all, sameuser, samerole, replication, or names; user: all, names, or +role for its members
# address: all, samehost, samenet, a network such as 10.0.0.0/8, or a host's name (.example.com: all in that domain), which its address must lead back to
# method: scram-sha-256, cert (a client certificate whose common name is the user), reject,
#   trust (nobody is asked: local and loopback only), password (sent as it is: hostssl, local and loopback only),
#   peer (local only: the user of the system who connects is the role; needs the package koffi),
#   jwt issuer=… audience=… jwks=<file or https URL> [claim=sub] [as=role|user_id] (a token as the password)
# option of hostssl: clientcert=verify-ca or clientcert=verify-full asks for a certificate besides
#
# To let nobody from elsewhere in without TLS, make the last line hostssl and give the server a certificate (--tls).

# type  database  user  address  method
local   all       all            scram-sha-256
host    all       all   all      scram-sha-256
`;

/** A server that is started for tests on loopback, without a directory or without passwords. */
export const TRUSTING_RULES = 'local all all trust\nhost all all 127.0.0.0/8 trust\nhost all all ::1/128 trust\n';

/** The file has a line that is no rule. */
export class HbaFileError extends Error {
  override readonly name = 'HbaFileError';
}

/** The rules in force, and the file that they come from. */
export class HbaFile {
  readonly path: string | undefined;
  readonly peers = new PeerCredentials();
  readonly #hosts = new HostNames();
  readonly #text: string;
  #rules: readonly HbaRule[];

  /**
   * @param path made with the first rules where it is not there; undefined: there is no file
   * @param text the rules without a file
   * @throws HbaFileError
   */
  constructor(path: string | undefined, text: string = FIRST_RULES) {
    this.path = path;
    this.#text = text;
    if (path !== undefined && !existsSync(path)) writeFileSync(path, text, { mode: 0o600 });
    this.#rules = this.#load();
  }

  get rules(): readonly HbaRule[] {
    return this.#rules;
  }

  /** @throws HbaFileError, and then the rules stay as they were */
  reload(): void {
    this.#rules = this.#load();
  }

  /** What stands in the file now, whether or not it is in force. */
  lines(): { readonly rules: readonly HbaRule[]; readonly mistakes: readonly HbaMistake[] } {
    return parseHba(this.#read(), { hosts: this.#hosts, peers: this.peers });
  }

  #load(): readonly HbaRule[] {
    const { rules, mistakes } = this.lines();
    const [mistake] = mistakes;
    if (mistake !== undefined) throw new HbaFileError(`${this.path ?? HBA_FILE}, line ${mistake.line}: ${mistake.message}`);
    if (rules.length === 0) throw new HbaFileError(`${this.path ?? HBA_FILE} contains no entries: nobody could connect`);
    return rules;
  }

  #read(): string {
    if (this.path === undefined) return this.#text;
    try {
      return readFileSync(this.path, 'utf8');
    } catch (error) {
      throw new HbaFileError(`could not open file "${this.path}": ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
