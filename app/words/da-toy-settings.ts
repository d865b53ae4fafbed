// Det, appen siger om en bamses indstillinger, på dansk. What the app says of one toy's settings, in Danish.
import type { ToySettingsWords } from './en-toy-settings.ts';

export const daToySettings: ToySettingsWords = {
  title: (name: string) => `Indstillinger for ${name}`,
  name: 'Navn',
  picture: 'Billede',
  onItsWay: 'De nyeste indstillinger er på vej til bamsen.',
  arrived: 'Bamsen har de nyeste indstillinger.',
  mayNot: 'Kun en forælders telefon kan ændre dem.',
  consent: 'Bamsen må optage',
  consentOn: (who: string, when: string) =>
    `${who} sagde ja den ${when}. Slå fra for at trække det tilbage: så optager poten intet.`,
  consentOff: 'Poten optager intet. Beskeder til bamsen kommer stadig frem.',
  consentNever: 'Ingen har sagt ja endnu. Poten optager intet.',
  speakers: 'Hvem der må tale',
  speakersLead: 'Bamsen tjekker selv hver stemmes underskrift. En fremmed får aldrig hjertet til at lyse.',
  approval: 'En voksen godkender først',
  rhythm: 'Hjerterytme',
  rhythmLead: 'Hjertet banker forskelligt for hver person, så barnet ved, hvem det er.',
  rhythmOf: (n: number) => `Rytme ${n}`,
  quiet: 'Stille tid',
  quietLead: 'Hjertet er mørkt, og intet bliver afspillet. Beskederne venter.',
  from: 'Fra',
  until: 'Til',
  volume: 'Lydstyrke',
  state: 'Sådan har den det',
  battery: 'Batteri',
  firmware: 'Firmware',
  resets: 'Gange nulstillet',
  lastSeen: 'Sidst set',
  asleepTitle: 'Væk for længe',
  asleep:
    'Bamsens broer har været tavse i over seks uger, så intet kan forsegles til den. Tænd en bro, eller åbn Pawpost tæt på bamsen: så retter det sig selv.',
  handOn: 'Giv den videre, eller begynd forfra',
  handOnLead:
    'Sluk bamsen. Hold på poten, tænd den, og bliv ved med at holde i ti sekunder, mens hjertet blinker. Den glemmer alt og bliver en anden bamse. Giv mærket med.',
  removeLead: 'Tag den så ud af familien her.',
  remove: (name: string) => `Tag ${name} ud af familien`,
  updateComing: (percent: number) => `En ny version er på vej: ${percent} %`,
  updateReady: 'En ny version er i bamsen. Den starter, når bamsen får lov at være i fred.',
  updateRefused: {
    unsigned:
      'Bamsen tog ikke imod en ny version: den er ikke fra dem, der har lavet bamsen. Intet er ændret.',
    'wrong-board': 'Bamsen tog ikke imod en ny version: den er lavet til en anden bamse. Intet er ændret.',
    broken: 'En ny version nåede ikke hel frem til bamsen. Den bliver prøvet igen næste gang.',
    'no-room': 'Bamsen kunne ikke gemme en ny version. Den fortsætter med den, den har.',
    senseless: 'Bamsen og telefonen forstod ikke hinanden om en ny version. Opdater appen.',
    failed: 'En ny version virkede ikke i denne bamse, så den gik tilbage til den forrige.',
  },
};
