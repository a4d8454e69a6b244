import pytest

from index.analysis.answer_kinds import asks_for, gives, has_kind, kind_demanded
from index.analysis.kind_words import people_nouns, place_names, place_nouns
from index.analysis.question import AnswerType, parse_question
from index.analysis.sentence_features import sentence_features


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the lighthouse built?", AnswerType.TIME),
        ("and since when is it closed?", AnswerType.TIME),
        ("The bridge was opened when?", AnswerType.TIME),
        ("In which year did the museum open?", AnswerType.TIME),
        ("How many keepers lived there?", AnswerType.NUMBER),
        ("Who painted the ceiling?", AnswerType.PERSON),
        ("By whom was the ceiling painted?", AnswerType.PERSON),
        ("Where's the archive kept?", AnswerType.PLACE),
        ("The letters were sent from where?", AnswerType.PLACE),
        ("Which country did she leave?", AnswerType.PLACE),
    ],
)
def test_some_questions_can_be_answered_by_one_kind_of_thing_alone(question: str, kind: AnswerType) -> None:
    assert kind_demanded(parse_question(question)) is kind


@pytest.mark.parametrize(
    "question",
    [
        "What happens when the tank is full?",
        "When ice melts, what does it become?",
        "How do people who live there travel?",
        "Which rule states that all players must wait?",
        "What is the place called where the rivers meet?",
        "Why did the museum close?",
        "Who was Ilse Brandt?",
        "Where does the word lantern come from?",
    ],
)
def test_a_question_word_that_opens_a_clause_or_asks_what_a_name_is_demands_no_kind(question: str) -> None:
    assert kind_demanded(parse_question(question)) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was the lighthouse built?", "It was finished in the spring of 1871."),
        ("When was the abbey sacked?", "Raiders burnt it in 843."),
        ("When did the settlement begin?", "People came about 9000 BP."),
        ("In what century was the wall built?", "The wall is of the fifteenth century."),
        ("When is the ferry at the pier?", "The ferry arrives at 10:15."),
        ("When did she retire?", "She retired two years later."),
        ("When is the deposit returned?", "You get the deposit back after the last inspection."),
        ("What day does the market open?", "It opens on the third Saturday."),
        ("On what day did she land?", "She landed on 4 May 1902."),
        ("What day are dues collected?", "They are collected on the 5th."),
        ("What days is the workshop open?", "It is open Mon–Fri."),
        ("Which month is the fair in?", "It is held late in Sept."),
        ("What year did the museum open?", "It opened two years after the bridge."),
        ("In which year did the museum open?", "It has been open since 1902."),
        ("How many keepers lived there?", "Three keepers shared the house."),
        ("How many keepers lived there?", "In 1890 there were 12 of them."),
        ("How much did it cost?", "The work cost £1500."),
        ("How long has it been closed?", "It has been closed since 1994."),
        ("How often is it painted?", "It is painted every summer."),
        ("Who painted the ceiling?", "The ceiling is the work of Ilse Brandt."),
        ("Who painted the ceiling?", "It was painted in oils by Brandt."),
        ("Who painted the ceiling?", "Brandt painted it alone."),
        ("Who painted the ceiling?", "A young artist was paid for it."),
        ("Who gave her the prize?", "The council gave her the prize."),
        ("Who can open the archive?", "Only administrators may do so."),
        ("Where is the archive kept?", "It is kept in Graz."),
        ("Where is the archive kept?", "The papers lie in a dry cellar."),
        ("Where was the ship sent?", "The ship sailed to Lisbon."),
        ("Where does the river rise?", "It rises north of the pass."),
        ("Where are the settings stored?", "They are in ~/.config/archive.toml."),
        ("Which country did she leave?", "Portugal was her home until then."),
        ("Which city has the archive?", "The archive moved to New York."),
        ("Which river runs below the walls?", "The Orla River passes there."),
    ],
)
def test_a_sentence_has_what_is_asked_for(question: str, sentence: str) -> None:
    parsed = parse_question(question)
    assert (kind := kind_demanded(parsed)) is not None
    assert has_kind(kind, parsed, sentence_features(sentence))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was the lighthouse built?", "The builders worked on it for two years."),
        ("When was the lighthouse built?", "It is 1200 feet from the shore and a keeper had been there for decades."),
        ("When did the 1871 storm end?", "The storm of 1871 was the worst."),
        ("When was the lighthouse built?", "After that, the keeper left."),
        ("What day was the plan announced?", "It came just weeks before the vote."),
        ("What day was the tower repaired?", "It was repaired in May."),
        ("In what month did she land?", "She landed in 1902."),
        ("What year was the mast built?", "It is 1200 feet tall."),
        ("What year did the museum open?", "It opened in May."),
        ("How many keepers lived there?", "The last keeper left in 1931."),
        ("How many of the 12 keepers married?", "The twelve keepers had a house."),
        ("Who painted the ceiling?", "The ceiling was painted in Graz."),
        ("Who met Ilse Brandt?", "It was Ilse Brandt."),
        ("Where is the archive kept?", "The archive was closed in March."),
        ("Where is the archive kept?", "The archive is of Brandt and her pupils."),
        ("Where is Lisbon?", "Lisbon has an old archive."),
        ("Which country did she leave?", "She left when Brandt died."),
        ("Which country did Portugal fight?", "It was a war of Portugal."),
    ],
)
def test_a_sentence_lacks_what_is_asked_for(question: str, sentence: str) -> None:
    parsed = parse_question(question)
    assert (kind := kind_demanded(parsed)) is not None
    assert not has_kind(kind, parsed, sentence_features(sentence))


@pytest.mark.parametrize(
    ("sentence", "is_given"),
    [
        ("The pool was closed in June for maintenance.", True),
        ("The pier is closed as the railing is loose.", True),
        ("The chair resigned over pay.", True),
        ("They drained the pool to mend its floor.", True),
        ("The pool was closed in June.", False),
        ("The statues are known for their noses.", False),
    ],
)
def test_most_words_that_may_give_a_reason_count_as_one(sentence: str, is_given: bool) -> None:
    assert asks_for("reason", parse_question("And why is it so?"))
    assert not asks_for("reason", parse_question("Who told you why?"))
    assert gives("reason", sentence_features(sentence)) is is_given


def test_words_for_places_and_people_are_told_apart() -> None:
    assert {"Portugal", "New York", "Danube"} <= place_names()
    assert {"kitchen", "cellar", "coast"} <= place_nouns()
    assert {"painter", "council", "sister"} <= people_nouns()
    assert not {"March", "Newton"} & place_names()
    assert not {"kitchen", "Newton"} & people_nouns()
