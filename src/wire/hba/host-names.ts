import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';

/** Where names of hosts come from. Rejects, or gives nothing, where there are none. */
export interface NameService {
  namesOf(address: string): Promise<readonly string[]>;
  addressesOf(name: string): Promise<readonly string[]>;
}

/** A rule's name is asked for before anybody has shown who they are: what that may cost is bounded. */
const LOOKUP_MS = 2000;
const KEPT_MS = 60_000;
const MAX_KEPT = 1000;
const MAX_UNDER_WAY = 64;

interface Known {
  readonly names: Promise<readonly string[]>;
  readonly untilMs: number;
}

/**
 * Names of clients, as PostgreSQL's rules compare them: the address has a name, and that name has the address. Whoever can make the first half up
 * can't make up the second. What can't be found out in time fits no rule.
 */
export class HostNames {
  readonly #service: NameService;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Known>();
  #underWay = 0;

  constructor(service: NameService = new SystemNames(), nowMs: () => number = () => performance.now()) {
    this.#service = service;
    this.#nowMs = nowMs;
  }

  /** @param pattern a name, or `.domain` for all within */
  async fits(pattern: string, address: string): Promise<boolean> {
    const wanted = pattern.toLowerCase();
    const names = await this.#of(address);
    return names.some((name) => (wanted.startsWith('.') ? name.endsWith(wanted) : name === wanted));
  }

  #of(address: string): Promise<readonly string[]> {
    const known = this.#known.get(address);
    if (known !== undefined && known.untilMs > this.#nowMs()) return known.names;
    if (this.#underWay >= MAX_UNDER_WAY) return Promise.resolve([]);
    this.#underWay++;
    const names = inTime(this.#find(address)).finally(() => {
      this.#underWay--;
    });
    this.#known.delete(address);
    this.#known.set(address, { names, untilMs: this.#nowMs() + KEPT_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KEPT && oldest !== undefined) this.#known.delete(oldest);
    return names;
  }

  /** Names that lead back to the address. */
  async #find(address: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const name of (await this.#service.namesOf(address)).slice(0, MAX_NAMES)) {
      const back = await this.#service.addressesOf(name).catch(() => []);
      if (back.some((candidate) => isSameAddress(candidate, address))) found.push(name.toLowerCase().replace(/\.$/, ''));
    }
    return found;
  }
}

/** An address may have any number of names. */
const MAX_NAMES = 8;

function inTime(names: Promise<readonly string[]>): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), LOOKUP_MS);
  });
  return Promise.race([names.catch(() => []), late]).finally(() => clearTimeout(timer));
}

function isSameAddress(a: string, b: string): boolean {
  const family = isIP(a);
  if (family === 0 || family !== isIP(b)) return false;
  const list = new BlockList();
  list.addAddress(a, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(b, family === 4 ? 'ipv4' : 'ipv6');
}

const HOSTS_FILE = '/etc/hosts';

/** The hosts file, and DNS by sockets: the system's own look-up would hold threads that writing to the disk needs. */
class SystemNames implements NameService {
  readonly #resolver = new Resolver({ timeout: LOOKUP_MS / 2, tries: 1 });

  async namesOf(address: string): Promise<readonly string[]> {
    const own = (await this.#hosts()).flatMap(([of, ...names]) => (of !== undefined && isSameAddress(of, address) ? names : []));
    return own.length > 0 ? own : this.#resolver.reverse(address);
  }

  async addressesOf(name: string): Promise<readonly string[]> {
    const wanted = name.toLowerCase();
    const own = (await this.#hosts()).flatMap(([address, ...names]) =>
      address !== undefined && names.some((candidate) => candidate.toLowerCase() === wanted) ? [address] : [],
    );
    if (own.length > 0) return own;
    const found = await Promise.allSettled([this.#resolver.resolve4(name), this.#resolver.resolve6(name)]);
    return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }

  /** Lines of an address and its names. */
  async #hosts(): Promise<readonly (readonly string[])[]> {
    const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
    return text.split('\n').map((line) =>
      line
        .replace(/#.*/, '')
        .split(/\s+/)
        .filter((word) => word !== ''),
    );
  }
}
