// What is told while a toy is made: which step it is, and how much of it is done.

export type Step = 'connect' | 'image' | 'start' | 'program' | 'tag' | 'check';

export interface Reporter {
  /** Another part of the work begins. */
  step(name: Step): void;
  /** So many bytes of the step's are where they belong. */
  progress(bytes: number, total: number): void;
}
