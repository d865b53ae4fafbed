// Hvad der gik galt, og hvad man gør ved det, på dansk. What went wrong and what to do, in Danish.
import type { Stops, Troubles } from './en-troubles.ts';

export const daTroubles: Troubles = {
  unknown: {
    what: 'Noget gik galt.',
    todo: 'Prøv en gang til. Bliver det ved, så meld det under Indstillinger.',
  },
  ours: {
    what: 'Appen faldt over sine egne ben.',
    todo: 'Luk den, og åbn den igen. Bliver det ved, så meld det under Indstillinger.',
  },
  link: {
    what: 'Samtalen med bamsen blev afbrudt.',
    todo: 'Hold bamsen tæt på, og prøv igen. Intet gik tabt.',
  },
  linkSilent: {
    what: 'Bamsen svarer ikke.',
    todo: 'Er den tændt, opladet og inden for et par meter? Er den blevet nulstillet, så par den igen.',
  },
  notPairing: {
    what: 'Bamsen er ikke klar til at blive parret.',
    todo: 'Hold på poten i tre sekunder, til hjertet blinker, og prøv så inden for et minut.',
  },
  notGenuine: {
    what: 'Noget svarede, som ikke er jeres bamse.',
    todo: 'Se efter, om mærket hører til denne bamse. Prøv igen et andet sted, væk fra andres enheder.',
  },
  animals: {
    what: 'Du sagde, at dyrene var forskellige, så parringen blev stoppet.',
    todo: 'Måske er en anden i nærheden. Prøv igen et andet sted. Intet blev gemt.',
  },
  notFound: {
    what: 'Der blev ikke fundet en bamse med dette mærke.',
    todo: 'Hold på poten, til hjertet blinker, hold bamsen tæt på, og led igen.',
  },
  otherFamily: {
    what: 'Bamsen ville ikke med. Måske hører den til en anden familie.',
    todo: 'Bed den, der havde den, om at nulstille den: hold på poten i ti sekunder, fra den tændes.',
  },
  policy: {
    what: 'Bamsen tog ikke imod de nye indstillinger.',
    todo: 'De bliver sendt igen af sig selv. Bliver det ved, så åbn bamsens indstillinger, og lav én ændring.',
  },
  stamp: {
    what: 'En beskeds underskrift passede ikke, så bamsen afspiller den ikke.',
    todo: 'Bed afsenderen om at optage den igen. Har de ikke sendt en, prøvede nogen forgæves at snyde bamsen.',
  },
  clip: {
    what: 'En optagelse blev beskadiget på vejen og smidt ud.',
    todo: 'Den hentes igen af sig selv, så længe bamsen har den.',
  },
  audio: { what: 'Beskeden er i stykker og kan ikke afspilles.', todo: 'Bed om at få den sagt igen.' },
  audioLong: { what: 'Optagelsen er længere end et minut.', todo: 'Sig det i to dele.' },
  envelope: {
    what: 'Et brev var i stykker eller forfalsket. Det blev ikke åbnet.',
    todo: 'Du skal ikke gøre noget. Venter nogen på svar, så bed dem om at sende det igen.',
  },
  envelopeLate: {
    what: 'Et brev kom for sent til, at denne telefon kan åbne det.',
    todo: 'Måske har en anden telefon i familien det. Åbn appen mindst en gang om måneden.',
  },
  prekeys: {
    what: 'En enhed i familien har været væk så længe, at intet kan forsegles til den.',
    todo: 'Tænd den, eller åbn Pawpost på den. De andre får stadig alt.',
  },
  relayLies: {
    what: 'Serveren viser noget, som jeres familie ikke har underskrevet.',
    todo: 'Stol ikke på den. Sammenlign med en anden forælders telefon; bliver det ved, så brug nødsættet.',
  },
  rights: { what: 'Det har denne telefon ikke ret til.', todo: 'Spørg en forælder, eller brug nødsættet.' },
  member: { what: 'Den er ikke (længere) med i familien.', todo: 'Åbn familiesiden igen.' },
  invitation: {
    what: 'Det er ikke en invitation, eller også mangler der et bogstav.',
    todo: 'Scan QR-koden igen, eller kopiér hele linket.',
  },
  invitationOver: {
    what: 'Invitationen er udløbet eller allerede brugt.',
    todo: 'Bed om en ny. Hver gælder i to dage og for én person.',
  },
  wordsDiffer: {
    what: 'De seks ord var ikke ens, så ingen blev lukket ind.',
    todo: 'Lav en ny invitation, og giv den videre ansigt til ansigt.',
  },
  notInvited: {
    what: 'Nogen bad om at komme ind som en, der allerede er i familien, så ingen blev lukket ind.',
    todo: 'Er det din egen anden telefon, så vælg det, og invitér igen. Ellers spørg, hvem der har haft invitationen.',
  },
  kit: {
    what: 'Det er ikke de 24 ord fra et nødsæt.',
    todo: 'Se efter rækkefølgen og stavningen. Det er nemmere at scanne koden.',
  },
  tag: {
    what: 'Der er en slåfejl i mærkets bogstaver.',
    todo: 'Sammenlign dem en gang til, eller scan QR-koden.',
  },
  clock: {
    what: 'Enhedens ur går forkert.',
    todo: 'Indstil dato og klokkeslæt til automatisk, og prøv igen.',
  },
  relayRefused: {
    what: 'Serveren sagde nej.',
    todo: 'Se efter, om enheden stadig er med i familien, og om dato og klokkeslæt passer.',
  },
  relayFull: {
    what: 'En postkasse på serveren er fuld.',
    todo: 'Den bliver tømt, når personen åbner appen. Din besked venter her og sendes så.',
  },
  relayBusy: { what: 'Serveren har travlt.', todo: 'Din besked venter her og sendes af sig selv.' },
  relayAway: {
    what: 'Serveren svarer ikke.',
    todo: 'Se efter, om du har internet. Det, du sagde, er gemt her og sendes af sig selv.',
  },
  noRadio: {
    what: 'Denne browser kan ikke bruge Bluetooth.',
    todo: 'Slå Bluetooth til, eller brug Chrome eller Edge. En bro derhjemme, en Raspberry Pi, kan også parre bamsen.',
  },
  noBridge: {
    what: 'Jeres familie har ingen bro endnu.',
    todo: 'Sæt en op derhjemme, en Raspberry Pi kan gøre det, eller par bamsen med Chrome eller Edge på Android eller en computer.',
  },
  bridgeRadio: {
    what: 'Broen kan ikke bruge sin Bluetooth.',
    todo: 'Sluk broen, og tænd den igen. Bliver det ved, så se på dens Bluetooth.',
  },
  bridgeSilent: {
    what: 'Broen svarer ikke.',
    todo: 'Er den tændt og på internettet? Prøv så igen.',
  },
  bridgeBusy: {
    what: 'Broen er ved at parre en anden bamse.',
    todo: 'Vent et minut, og prøv igen.',
  },
  bridgeLate: {
    what: 'Telefonen og broen er ikke enige om, hvad klokken er.',
    todo: 'Indstil dato og klokkeslæt til automatisk på dem begge, og prøv igen.',
  },
  radioDenied: {
    what: 'Bluetooth fik ikke lov, eller ingen bamse blev valgt.',
    todo: 'Tryk på knappen igen, og vælg bamsen på listen.',
  },
  radioFar: { what: 'Bamsen kom uden for rækkevidde.', todo: 'Gå tættere på, og prøv igen. Intet gik tabt.' },
  microphoneDenied: {
    what: 'Mikrofonen har ikke fået lov.',
    todo: 'Giv Pawpost lov i browserens indstillinger for siden (ikonet ved adressen), og prøv igen.',
  },
  microphoneMissing: {
    what: 'Der blev ikke fundet en mikrofon.',
    todo: 'Sæt en til, eller brug din telefon.',
  },
  recorder: {
    what: 'Optagelsen lykkedes ikke.',
    todo: 'Luk andre apps, der bruger mikrofonen, og prøv igen.',
  },
  audioRefused: { what: 'Browseren ville ikke afspille lyden.', todo: 'Tryk på afspil igen.' },
  release: {
    what: 'En nyere udgave var ikke underskrevet af Pawposts skabere, så den blev smidt ud.',
    todo: 'Denne udgave virker stadig. Bliver det ved, så meld det under Indstillinger.',
  },
  cameraDenied: {
    what: 'Kameraet har ikke fået lov.',
    todo: 'Giv det lov i browserens indstillinger for siden, eller skriv bogstaverne i stedet.',
  },
  cameraMissing: { what: 'Der blev ikke fundet et kamera.', todo: 'Skriv bogstaverne i stedet.' },
  storeFull: {
    what: 'Der er ikke mere plads på enheden.',
    todo: 'Slet nogle beskeder, eller skaf lidt plads. Intet, der er bekræftet, er gået tabt.',
  },
  storeDamaged: {
    what: 'Det, der er gemt her, er beskadiget.',
    todo: 'Vælg Forlad og slet under Indstillinger, og kom tilbage med en invitation eller nødsættet.',
  },
  storeLocked: { what: 'Pawpost er åben i et andet vindue.', todo: 'Luk det andet vindue, og prøv igen.' },
  storeNewer: {
    what: 'Det, der er gemt her, er skrevet af en nyere Pawpost.',
    todo: 'Genindlæs siden for at få den nyeste udgave.',
  },
  storeUnusable: {
    what: 'Browseren lader ikke Pawpost gemme noget.',
    todo: 'Forlad det private vindue, eller tillad lagring for denne side.',
  },
  notJoined: {
    what: 'Enheden er ikke med i en familie endnu.',
    todo: 'Kom i gang, eller bed om en invitation.',
  },
  lockFailed: {
    what: 'Skærmlåsen åbnede ikke.',
    todo: 'Prøv igen. Lykkes det aldrig, så kom tilbage med en invitation eller nødsættet.',
  },
  pushDenied: {
    what: 'Notifikationer har ikke fået lov.',
    todo: 'Giv Pawpost lov i browserens indstillinger for siden, og slå dem så til her.',
  },
  pushFailed: {
    what: 'Notifikationstjenesten svarer ikke.',
    todo: 'Prøv senere. Beskeder kommer stadig, når appen er åben.',
  },
  picture: { what: 'Billedet kan ikke læses.', todo: 'Vælg en JPEG eller PNG.' },
  configuration: {
    what: 'Appen ved ikke, hvor dens server er.',
    todo: 'Tjek internettet, og indlæs siden igen. Bliver det ved, så sig det til den, der driver adressen.',
  },
  name: { what: 'Det kan ikke være et navn her.', todo: 'Brug 1 til 40 bogstaver.' },
};

export const daStops: Stops = {
  locked: {
    title: 'Låst',
    lead: 'Familiens beskeder er forseglet bag telefonens skærmlås.',
    act: 'Lås op',
  },
  forked: {
    title: 'Stop: serveren fortæller to historier',
    lead: 'Serveren viser en anden fortid end den, jeres familie har underskrevet, så den lyver eller er blevet brudt op. Intet mere går ind eller ud, før du kommer ind igen med nødsættet.',
    act: 'Brug nødsættet',
  },
  removed: {
    title: 'Denne telefon er sat ud af familien',
    lead: 'Den kan intet nyt høre. Er det en fejl, så bed en forælder om en ny invitation.',
    act: 'Slet alt her',
  },
  unsupported: {
    title: 'Denne browser kan ikke passe på jeres nøgler',
    lead: 'Pawpost kræver en nyere browser, uden for et privat vindue. Prøv den nyeste Chrome, Edge, Firefox eller Safari.',
  },
};
