// The eight ways in which the heart beats for somebody: a policy holds the pattern, people choose by number. Hosts only.

/** Step i of sixteen lights where bit i is set; each is told apart from the others, and from what the heart shows for itself. */
export const RHYTHMS: readonly number[] = [0x05, 0x01, 0x0f, 0x15, 0x37, 0x33, 0x55, 0xff];
