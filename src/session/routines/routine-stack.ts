import type { Oid, UserId } from '../../commons/ids.js';
import { SettingName } from '../../commons/setting-names.js';
import type { RoutineFrame, RoutineStack } from '../../executor/routines/statements.js';
import type { SessionCore } from '../session-core.js';

/** Who runs, and with which settings, as routines call each other. */
export class StackOfRoutines implements RoutineStack {
  readonly #core: SessionCore;
  readonly frames: RoutineFrame[] = [];
  depth = 0;
  overAllUsers = 0;
  triggers = 0;
  transitions: RoutineStack['transitions'];

  constructor(core: SessionCore) {
    this.#core = core;
  }

  get synchronous(): number {
    return this.#core.interrupt.synchronousDepth;
  }
  set synchronous(depth: number) {
    this.#core.interrupt.synchronousDepth = depth;
  }

  actFor(user: UserId): () => void {
    const core = this.#core;
    const before = core.definer;
    const caller = core.identity();
    core.definer = { role: caller.currentRole, caller, actingUser: user };
    return () => {
      core.definer = before;
    };
  }

  enter(owner: Oid | undefined, settings: Readonly<Record<string, string>>): () => void {
    const core = this.#core;
    const undo: (() => void)[] = [];
    const leave = (): void => {
      for (let action = undo.pop(); action !== undefined; action = undo.pop()) action();
      core.values.refresh(core.settings);
      core.format.refresh(core.settings);
    };
    try {
      if (owner !== undefined) {
        const caller = core.identity();
        // What the caller may not see, it must not see through the owner's rights; the routine itself may say so.
        if (!caller.allUsers && core.settings.isOn(SettingName.kalamdbAllUsers)) {
          undo.push(core.settings.setForRoutine(SettingName.kalamdbAllUsers, 'off'));
        }
        const before = core.definer;
        undo.push(() => {
          core.definer = before;
        });
        core.definer = { role: owner, caller, ...(before?.actingUser === undefined ? {} : { actingUser: before.actingUser }) };
      }
      for (const [name, value] of Object.entries(settings)) undo.push(core.settings.setForRoutine(name, value));
      core.values.refresh(core.settings);
      core.format.refresh(core.settings);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }
}
