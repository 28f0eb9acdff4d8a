"""The words of synthetic records, in three languages: sentences are put together from them.

They are our own, and mean little. What matters is that they are read, stemmed and searched as
those of real records are. "Labour" stands in one phrase only: see `inventing.LABOUR`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """The words of a language. A sentence is: opening, who, does, what, for whom, place, why."""

    openings: tuple[str, ...]
    who: tuple[str, ...]
    does: tuple[str, ...]
    what: tuple[str, ...]
    whom: tuple[str, ...]
    why: tuple[str, ...]
    place: str  # how a place is named, with {} for its name
    titles: tuple[str, ...]  # with {what}, {whom} and {place}


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text, each a value."""
    return tuple(line.strip() for line in text.strip().splitlines())


ENGLISH = Tongue(
    openings=lines("""
        Since the first year
        After two rounds of talks
        With funds of its own
        On the advice of an evaluation
        Under a five-year plan
        Before each season
        Together with neighbours across the border
        At the request of several towns
        With little more than a telephone line
        As the second phase began
        In every district
        Following a survey of newcomers
        Where registers were incomplete
        Without new legislation
        From the pilot onwards
        During the pandemic
    """),
    who=lines("""
        municipal advisers
        the ministries of interior and health
        consular officers
        trained mediators
        school boards
        local clinics
        the national statistical office and its partners
        border guards and social workers
        volunteers from the diaspora
        trade unions
        employers' associations
        the ombudsperson's staff
        police academies
        universities
        city libraries
        women's organizations
        legal aid lawyers
        language teachers
        savings banks
        the agencies for housing
        youth councils
        rescue services
        postal banks
        the offices for vocational training
        chambers of commerce
    """),
    does=lines("""
        opened
        tested and then extended
        wrote guidelines for
        pay for
        now coordinate
        translated the rules of
        publish every quarter the results of
        simplified
        evaluated
        share data about
        doubled the number of
        hired mediators for
        replaced paper forms by
        built a registry of
        trained four hundred people in
        agreed on common standards for
        negotiated
        monitor
        moved online
        secured the budget of
    """),
    what=lines("""
        one-stop information desks
        residence permits of several years
        the recognition of diplomas
        pre-departure courses
        safe houses
        alternatives to detention
        birth registration
        cheap remittance accounts
        portable pension rights
        complaint procedures
        family reunification
        return counselling
        seasonal worker schemes
        language courses in the evening
        identity documents
        vaccination campaigns
        mobile clinics
        screening at land borders
        search and rescue exercises
        referral mechanisms for victims of trafficking
        free legal representation
        guardianship of unaccompanied children
        disaggregated statistics on migration
        joint research on climate and migration
        campaigns against hate speech
        apprenticeships
        scholarships
        recruitment without fees
        housing guarantees
        visa facilitation
        civic orientation
        diaspora bonds
        investment clubs of families abroad
        interpreters on call
        inspection of workplaces
        skills partnerships
        early warning of disasters
        digital case files
        readmission with safeguards
        migration modules for civil servants
    """),
    whom=lines("""
        families with small children
        domestic workers
        asylum seekers whose claim was refused
        fishers and seafarers
        students from abroad
        stateless people
        care workers
        pickers of fruit and vegetables
        returning citizens
        women who travel alone
        older relatives
        victims of trafficking
        children without parents
        young graduates
        nurses and midwives
        construction crews
        people displaced by floods
        persons with disabilities
        small towns that had lost inhabitants
        founders of small firms
        border communities
        drivers of lorries
    """),
    why=lines("""
        so that nobody waits longer than a month
        which cut the cost of a transfer by half
        and complaints fell by a third
        because earlier attempts had reached few
        while personal data stay protected
        and the results feed into the next plan
        although staff remained scarce
        which gave courts fewer cases
        so that children are in school within weeks
        and nine in ten participants found work
        which neighbouring regions now copy
        with indicators that both sides agreed
        so that exploitation is found sooner
        and trust in the authorities grew
        which saved more than it cost
        so that skills are not lost
        because migration policy was spread over many desks
        and migration is counted the same way everywhere
    """),
    place="in {}",
    titles=lines("""
        {what} for {whom}
        {what} in {place}
        How {place} brought {what} to {whom}
        {place}: {what}
        A plan for {what}
        Working with {whom} on {what}
    """),
)

FRENCH = Tongue(
    openings=lines("""
        Depuis la première année
        Après deux séries de consultations
        Sur ses propres fonds
        À la suite d'une évaluation
        Dans le cadre d'un plan quinquennal
        Avant chaque saison
        Avec les communes voisines
        À la demande de plusieurs villes
        Dans chaque district
        Pendant la pandémie
    """),
    who=lines("""
        les conseillers municipaux
        les ministères de l'intérieur et de la santé
        les agents consulaires
        des médiateurs formés
        les centres de santé
        les gardes-frontières et les travailleurs sociaux
        des bénévoles de la diaspora
        les syndicats
        les associations d'employeurs
        les universités
        les bibliothèques
        des avocats de permanence
        les caisses d'épargne
        les conseils de jeunes
    """),
    does=lines("""
        ont ouvert
        ont expérimenté puis étendu
        financent
        coordonnent
        publient chaque trimestre les résultats de
        ont simplifié
        ont évalué
        ont doublé le nombre de places pour
        ont numérisé
        ont négocié
        suivent
        ont adopté des normes communes pour
    """),
    what=lines("""
        des guichets uniques d'information
        la reconnaissance des diplômes
        des cours avant le départ
        des foyers sûrs
        des solutions de rechange à la détention
        l'enregistrement des naissances
        des comptes d'envoi de fonds à bas prix
        la portabilité des droits à pension
        le regroupement familial
        l'aide au retour
        des cours de langue du soir
        des dispensaires mobiles
        la tutelle des enfants non accompagnés
        des statistiques ventilées sur la migration
        des campagnes contre les discours de haine
        l'apprentissage en entreprise
        le recrutement sans frais
        l'assistance juridique gratuite
        la coopération sur la migration et le climat
        des partenariats de compétences
    """),
    whom=lines("""
        les familles avec de jeunes enfants
        les travailleuses domestiques
        les demandeurs déboutés
        les marins et les pêcheurs
        les étudiants étrangers
        les apatrides
        les saisonniers agricoles
        les citoyens de retour
        les victimes de la traite
        les jeunes diplômés
        les personnes handicapées
        les communautés frontalières
    """),
    why=lines("""
        afin que personne n'attende plus d'un mois
        ce qui a réduit de moitié le coût d'un envoi
        et les plaintes ont baissé d'un tiers
        tandis que les données personnelles restent protégées
        et les résultats nourrissent le plan suivant
        ce que les régions voisines reprennent
        afin que les enfants soient scolarisés en quelques semaines
        et la confiance envers les autorités a grandi
        car la politique de migration dépendait de nombreux services
        afin que l'exploitation soit décelée plus tôt
    """),
    place="à {}",
    titles=lines("""
        {what} pour {whom}
        {what} à {place}
        {place} : {what}
        Un plan pour {what}
    """),
)

RUSSIAN = Tongue(
    openings=lines("""
        С первого года
        После двух раундов консультаций
        За счёт собственных средств
        По итогам оценки
        В рамках пятилетнего плана
        Перед каждым сезоном
        Вместе с соседними общинами
        По просьбе нескольких городов
        В каждом районе
        Во время пандемии
    """),
    who=lines("""
        муниципальные советники
        министерства внутренних дел и здравоохранения
        консульские сотрудники
        обученные посредники
        поликлиники
        пограничники и социальные работники
        добровольцы из диаспоры
        профсоюзы
        объединения работодателей
        университеты
        библиотеки
        дежурные адвокаты
        сберегательные банки
        молодёжные советы
    """),
    does=lines("""
        открыли
        опробовали и расширили
        финансируют
        координируют
        ежеквартально публикуют данные про
        упростили
        оценили
        разработали правила про
        перевели в электронную форму
        согласовали
        отслеживают
        обеспечили
    """),
    what=lines("""
        единые информационные пункты
        признание дипломов
        курсы перед отъездом
        безопасные приюты
        альтернативы задержанию
        регистрацию рождений
        дешёвые денежные переводы
        сохранение пенсионных прав
        воссоединение семей
        консультации по возвращению
        вечерние языковые курсы
        передвижные медпункты
        опеку над детьми без сопровождения
        подробную статистику о миграции
        кампании против языка вражды
        производственное обучение
        наём без платы посредникам
        бесплатную юридическую помощь
        исследования о климате и миграции
        партнёрства по профессиональным навыкам
    """),
    whom=lines("""
        для семей с маленькими детьми
        для домашних работниц
        для заявителей с отказом
        для моряков и рыбаков
        для иностранных студентов
        для лиц без гражданства
        для сезонных рабочих
        для возвращающихся граждан
        для жертв торговли людьми
        для молодых специалистов
        для людей с инвалидностью
        для приграничных общин
    """),
    why=lines("""
        чтобы никто не ждал дольше месяца
        что вдвое снизило цену перевода
        и жалоб стало на треть меньше
        при этом личные данные остаются защищёнными
        и выводы войдут в следующий план
        что перенимают соседние области
        чтобы дети пошли в школу через несколько недель
        и доверие к властям выросло
        поскольку политикой миграции занимались многие ведомства
        чтобы раньше выявлять эксплуатацию
    """),
    place="в городе {}",
    titles=lines("""
        {place}: {what}
        {what} {whom}
        План: {what}
    """),
)

TONGUES = {"en": ENGLISH, "fr": FRENCH, "ru": RUSSIAN}

# Names of places that are nowhere: a long tail of rare words, as real texts have it.
SYLLABLES = {
    "en": (
        ("Vel", "Tar", "Ost", "Mor", "Kal", "Bren", "Dul", "Sar", "Lin", "Per", "Gro", "Nem"),
        ("mo", "ni", "ra", "ve", "lo", "di", "ka", "sto", "be", "ru", "ta", "gu"),
        ("ra", "vik", "na", "stad", "ford", "lin", "burg", "mare", "va", "dor", "sk", "polje"),
    ),
    "ru": (
        ("Вел", "Тар", "Ост", "Мор", "Кал", "Брен", "Дул", "Сар", "Лин", "Пер", "Гро", "Нем"),
        ("мо", "ни", "ра", "ве", "ло", "ди", "ка", "сто", "бе", "ру", "та", "гу"),
        ("ра", "вик", "на", "град", "форд", "лин", "бург", "маре", "ва", "дор", "ск", "полье"),
    ),
}
SYLLABLES["fr"] = SYLLABLES["en"]
