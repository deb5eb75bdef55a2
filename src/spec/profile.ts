import { Label } from '../compose/labels.js';

/** Whether defaults trade production's behaviour for speed. */
export const profiles = ['fast', 'production-like'] as const;
export type Profile = (typeof profiles)[number];

/** What tells a node's profile; nothing of one that is as by default. Pure. */
export function profileLabel({ profile }: { profile: Profile }): Record<string, string> {
  return profile === 'fast' ? {} : { [Label.profile]: profile };
}

/** The profile of a node that is there, or is to be, by its labels. Pure. */
export function profileOf(labels: Readonly<Record<string, string>>): Profile {
  return profiles.find((each) => each === labels[Label.profile]) ?? 'fast';
}
