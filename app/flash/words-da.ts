// What the page that makes toys says, in Danish.
import type { FlashWords } from './words-en.ts';

export const da: FlashWords = {
  title: 'Gør et kort til et legetøj',
  lead: 'Lægger Pawpost ind i et kort på et kabel: firmwaren, legetøjets program, en nøgle som legetøjet selv laver, og dets mærke. Det kan gøres igen når som helst; legetøjet bliver ved med at være det samme.',
  untried: 'Ingen har prøvet det på et rigtigt kort endnu. Du ville være den første.',
  without: {
    what: 'Denne browser kan ikke tale gennem et kabel.',
    todo: 'Chrome, Edge og Opera på en computer kan (Web Serial); Firefox, Safari og telefoner kan ikke. Fra en terminal går det uden browser: “pawpost toy flash”.',
  },
  board: {
    title: 'Hvilket kort er det?',
    drawing: (board) => `Sådan forbindes ${board}`,
    larger: 'Se ledningerne',
  },
  image: {
    title: 'Firmwaren',
    lead: 'Firmwaren er Espruino med Pawposts egne dele. Ingen deler den ud: den kommer fra Espruinos egen bygning, med kortdefinitionen',
    files:
      'Vælg de tre filer, eller slip deres mappe her: bootloader.bin, partition-table.bin og selve programmet.',
    choose: 'Vælg filer',
    boardFirst: 'Vælg kortet først.',
    bytes: (kilobytes) => `${kilobytes} kB`,
    ready: 'De er til dette korts chip.',
  },
  program: {
    title: 'Legetøjets program',
    looking: 'Ser efter om dette sted har det …',
    own: (release) =>
      `Program ${release} fra dette sted, underskrevet af dets fabrikant. Legetøjet vil ikke tage imod programmer fra andre.`,
    missing: 'Dette sted har intet til dette kort. Vælg et underskrevet program fra samme fabrikant.',
    choose: 'Vælg en .program-fil',
  },
  cable: {
    title: 'Kablet',
    lead: 'Sæt kortet i denne computer med et kabel der bærer data. Så spørger din browser hvilken port det er.',
    begin: 'Vælg porten og begynd',
    again: 'Igen',
    notYet: 'Vælg først kortet, dets firmware og dets program.',
    leave: 'Lad kablet sidde.',
    part: (percent) => `${percent} procent`,
  },
  steps: {
    connect: 'Ser efter hvem der er på kablet',
    image: 'Skriver firmwaren',
    program: 'Skriver programmet',
    start: 'Starter den',
    tag: 'Giver legetøjet nøgle og mærke',
    check: 'Starter det igen og spørger hvad det husker',
  },
  tag: {
    title: 'Legetøjet er klar',
    lead: 'Dette er dets mærke, legetøjets nøgle: den der har begge dele, ejer det. Det findes kun her: når du lukker siden, er det væk.',
    picture: 'Mærket til at skrive ud: den firkantede kode, det samme i bogstaver, og hvad man gør med det',
    letters: 'Mærket i bogstaver',
    print: 'Udskriv',
    savePicture: 'Gem arket',
    saveText: 'Gem teksten',
    keep: 'Skriv arket ud, gem det hos familiens papirer, og slet så det du har gemt.',
    another: 'Lav et legetøj til',
    sure: 'Er mærket skrevet ud eller gemt? Uden det kan legetøjet aldrig parres.',
  },
  known: {
    choose: 'Vælg dets .tag-fil',
    wrong: 'Den fil indeholder ikke teksten af et mærke.',
    taken: 'Taget. Tryk nu på Igen.',
  },
  troubles: {
    'no-port': {
      what: 'Der er intet kort på den port.',
      todo: 'Sæt det til med et kabel der bærer data, ikke kun strøm.',
    },
    denied: {
      what: 'Systemet lader dig ikke bruge den port.',
      todo: 'På Linux: kom med i gruppen “dialout”, og log ind igen.',
    },
    busy: {
      what: 'Porten åbner ikke.',
      todo: 'Luk andre programmer der bruger den. På Linux skal du være i gruppen “dialout”.',
    },
    silent: {
      what: 'Kortet svarer ikke.',
      todo: 'Hold BOOT, tryk kort på RESET (eller sæt kablet i), slip BOOT, og tryk på Igen. Prøv også et andet kabel.',
    },
    'wrong-chip': {
      what: 'Kortet på kablet har en anden chip end det du valgte.',
      todo: 'Der blev intet skrevet. Vælg det kort der er på kablet, eller sæt det andet i.',
    },
    locked: {
      what: 'Chippen er låst.',
      todo: 'Dens sikringer hindrer andre i at skrive til den. Tag et kort som det kommer fra butikken.',
    },
    gone: {
      what: 'Kablet gik ud, eller kortet mistede strømmen.',
      todo: 'Sæt det i, og tryk på Igen: det der er kommet frem, sendes ikke to gange.',
    },
    garbled: {
      what: 'Det der sendes, kommer forkert frem.',
      todo: 'Brug et kort kabel direkte i computeren, og tryk på Igen.',
    },
    refused: {
      what: 'Chippen kunne ikke skrive sin flash.',
      todo: 'Brug en port på selve computeren, og tryk på Igen. Bliver det ved, er flashen slidt op.',
    },
    image: {
      what: 'Det er ikke den firmware som kortet skal have.',
      todo: 'Tag alle tre filer fra én bygning, til dette kort.',
    },
    console: {
      what: 'Legetøjets konsol svarer ikke.',
      todo: 'Tryk på RESET på kortet, og så på Igen. Bliver det ved, starter firmwaren ikke: byg den forfra.',
    },
    modules: {
      what: 'Firmwaren mangler Pawposts egne dele.',
      todo: 'Den skal bygges med filerne fra firmware/native.',
    },
    storage: {
      what: 'Legetøjet husker ikke det der bliver sagt.',
      todo: 'Tryk på Igen. Bliver det ved, er flashen slidt op.',
    },
    program: {
      what: 'Programmet er ikke til dette legetøj.',
      todo: 'Tag et til dette kort, underskrevet af dette steds fabrikant.',
    },
    asleep: {
      what: 'Legetøjet starter ikke sit program.',
      todo: 'Et legetøj kører intet der er ældre end det har haft: læg det nyeste ind. Er det det, så tryk på Igen.',
    },
    maker: {
      what: 'Legetøjet hører til en anden fabrikant.',
      todo: 'Brug den fabrikants sted, eller slet hele flashen med esptool: så er det et nyt legetøj.',
    },
    tagged: {
      what: 'Legetøjet har et mærke allerede, og det beholder det hele livet.',
      todo: 'Har du dets .tag-fil, så vælg den. Er den tabt, så slet hele flashen med esptool, og begynd forfra.',
    },
    'tag-file': {
      what: 'Det er et andet legetøjs mærke.',
      todo: 'Vælg den fil der blev gemt sammen med dette legetøj.',
    },
    unknown: {
      what: 'Der gik noget galt som ingen havde forudset.',
      todo: 'Tryk på Igen, eller hent siden forfra.',
    },
  },
  sheet: {
    title: 'Mærket til et Pawpost-legetøj',
    fold: 'fold her, med koden indad',
    steps: [
      'Åbn Pawpost på din telefon, tilføj legetøjet, og skan koden. Eller skriv bogstaverne.',
      'Hold legetøjets pote i 3 sekunder, til dets hjerte blinker.',
      'Legetøjet synger fire dyr. Sammenlign dem med dem på telefonen.',
    ],
    warning:
      'Dette er legetøjets nøgle: den der har begge dele, ejer det. Gem det hos familiens papirer, ikke på legetøjet. Fotografér det ikke, og send det ikke.',
    toy: (id) => `legetøj ${id}`,
  },
};
