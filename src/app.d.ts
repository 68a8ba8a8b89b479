import type { Context, UserActor } from '#lib/server/context.ts';

declare global {
  namespace App {
    interface Error {
      message: string;
      /** To quote when a crash is reported. */
      id?: string;
    }
    interface Locals {
      ctx: Context;
      /** The signed-in person, or null on the open pages. */
      user: UserActor | null;
    }
  }
}

export {};
