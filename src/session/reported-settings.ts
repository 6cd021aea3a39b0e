import type { SessionCore } from './session-core.js';

/** ParameterStatus: what clients are told at the start, and before ReadyForQuery when it has changed. */
export class ReportedSettings {
  readonly #core: SessionCore;
  readonly #names: readonly string[];
  readonly #sent = new Map<string, string>();
  #version = 0;
  #identity: unknown;

  constructor(core: SessionCore) {
    this.#core = core;
    this.#names = core.settings.registry
      .all()
      .filter((setting) => setting.reported === true)
      .map((setting) => setting.name);
  }

  initial(): ReadonlyMap<string, string> {
    for (const name of this.#names) this.#sent.set(name, this.#core.settings.show(name));
    this.#remember();
    return this.#sent;
  }

  send(): void {
    const { settings } = this.#core;
    // is_superuser follows the catalog too.
    if (this.#version === settings.version && this.#identity === this.#core.identity()) return;
    for (const name of this.#names) {
      const value = settings.show(name);
      if (this.#sent.get(name) === value) continue;
      this.#sent.set(name, value);
      this.#core.output.parameterStatus(name, value);
    }
    this.#remember();
  }

  #remember(): void {
    this.#version = this.#core.settings.version;
    this.#identity = this.#core.identity();
  }
}
