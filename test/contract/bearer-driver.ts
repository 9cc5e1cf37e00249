/** The contract of drivers for bearer tokens (src/auth/bearer.ts) as tests, for every driver. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authenticate.ts';
import type { BearerDriver } from '../../src/auth/bearer.ts';

export interface OpenedDriver extends AsyncDisposable {
  readonly driver: BearerDriver;
  /** A token that is valid now. `end` ends it, and has the driver notice. */
  issue(principal: string): Promise<{ readonly token: string; end(): Promise<void> }>;
  /** Tokens of the right format that were never valid. */
  readonly wrong: readonly string[];
}

/** Tokens of no format that has a driver. */
const FOREIGN = ['x', 'dk_', 'a.b', 'a.b.c.d.e', 'dk_ABCDEFGHIJKL_short', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'];

export function describeBearerDriver(name: string, open: () => Promise<OpenedDriver>): void {
  describe(`${name} as a driver for bearer tokens`, () => {
    let opened: OpenedDriver | undefined;
    const start = async () => {
      opened = await open();
      return opened;
    };
    afterEach(async () => opened?.[Symbol.asyncDispose]());

    it('knows whose token it is', async () => {
      const { driver, issue } = await start();
      const [annas, berts] = [await issue('anna'), await issue('bert')];
      expect((await driver(annas.token))?.id).toBe('anna');
      expect((await driver(berts.token))?.id).toBe('bert');
      expect((await driver(annas.token))?.id).toBe('anna');
    });

    it('names the credentials without a secret', async () => {
      const { driver, issue } = await start();
      const { token } = await issue('anna');
      const principal = await driver(token);
      expect(principal?.credential).toMatch(/^[a-z]+(:\w+)?$/u);
      const secret = token.split(/[._]/u).at(-1) ?? '';
      expect(JSON.stringify({ ...principal, scopes: [...(principal?.scopes ?? [])] })).not.toContain(secret);
    });

    it('leaves tokens of other formats to other drivers', async () => {
      const { driver } = await start();
      for (const token of FOREIGN) expect(await driver(token)).toBeNull();
    });

    it('refuses wrong tokens each time, and repeats nothing of them', async () => {
      const { driver, wrong } = await start();
      expect(wrong.length).toBeGreaterThan(0);
      for (const token of [...wrong, ...wrong]) {
        const error = await driver(token).then(
          () => null,
          (reason: unknown) => reason,
        );
        if (!(error instanceof UnauthenticatedError)) throw new Error(`accepted or failed: ${token} ${error}`);
        expect(error.fault).toBe('invalid_token');
        for (const part of token.split(/[._]/u)) if (part.length > 8) expect(error.message).not.toContain(part);
      }
    });

    it('refuses a token that has ended, and tells those who watch, once', async () => {
      const { driver, issue } = await start();
      const { token, end } = await issue('anna');
      const principal = await driver(token);
      const [onEnd, other] = [vi.fn(), vi.fn()];
      principal?.watchEnd(onEnd);
      principal?.watchEnd(other)();
      await end();
      await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1));
      expect(other).not.toHaveBeenCalled();
      await expect(driver(token)).rejects.toThrow(UnauthenticatedError);
      expect(onEnd).toHaveBeenCalledTimes(1);
    });

    it('tells who begins to watch when it is over already', async () => {
      const { driver, issue } = await start();
      const { token, end } = await issue('anna');
      const principal = await driver(token);
      await end();
      const onEnd = vi.fn();
      principal?.watchEnd(onEnd);
      await end();
      await vi.waitFor(() => expect(onEnd).toHaveBeenCalledTimes(1));
    });
  });
}
