from __future__ import annotations

import numpy as np
import pytest

from index.analysis.question import parse_question
from index.analysis.sentence_features import sentence_features
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.ranking import shortlist
from index.ranking.asked_roles import asked_roles
from index.ranking.features import features_of
from index.ranking.roles import has_other_roles, is_only_planned
from index.reading import read_article

ANOTHER_WAS_DONE_TO = [
    ("Who accused Harbourside?", "Harbourside accused two rival firms of copying its maps."),
    ("Who accused Harbourside of theft?", "In March, the map maker Harbourside accused Kestrel of theft."),
    ("Who accused Harbourside?", "Harbourside on Thursday accused two rivals of theft."),
    ("Who accused Harbourside?", "Harbourside in May 2019 accused Kestrel of theft."),
    ("Who accused Ida Dahl?", "Holm accused the mayor, Lund, of having lost a letter from Ida Dahl."),
    ("who accused kestrel", "Kestrel accused Harbourside of theft."),
    ("Which company sued Kestrel?", "Kestrel sued Harbourside in May."),
    ("Which company has sued Kestrel?", "Kestrel has sued Harbourside and two others."),
    ("Who is suing Kestrel?", "Kestrel is suing Harbourside."),
    ("Who will buy Kestrel?", "Kestrel will buy Harbourside next year."),
    ("Who hired Ole Berg?", "Ole Berg hired Ida Dahl as his deputy."),
    ("Who invaded Gotland?", "Gotland invaded Oland in 1290."),
    ("Which team defeated Rovers?", "Rovers, who defeated City in June, are third."),
    ("Who joined Rovers from City?", "Holm, who joined City from Rovers in June, is injured."),
    ("Who criticised Lund?", "Lund, the minister, criticised Holm sharply."),
    ("By whom was Lund criticised?", "Lund criticised Holm."),
    ("Who praised Lund?", "Holm was praised by Lund."),
    ("Who sent off Paul Reed?", "The referee, Paul Reed, had been wrong to send off Dan Hill."),
    ("What was left to Kestrel?", "Kestrel left its maps to the town."),
]
ANOTHER_DID_IT = [
    ("Who was accused by Kestrel?", "Kestrel was accused by Harbourside of copying maps."),
    ("Whom did Kestrel accuse?", "Harbourside accused Kestrel of copying maps."),
    ("Who did Kestrel accuse?", "Harbourside sent a letter accusing Kestrel of theft."),
    ("Who did Kestrel sue?", "Kestrel was sued by Harbourside."),
    ("Which firms did Harbourside accuse?", "Kestrel accused Harbourside of copying its maps."),
    ("When did United beat City?", "City beat United on Sunday."),
    ("When did United beat City?", "United were beaten by City on Sunday."),
    ("When was Kestrel bought by Harbourside?", "Kestrel bought Harbourside in 2011."),
    ("Did Kestrel sue Harbourside?", "Harbourside sued Kestrel in May."),
    ("Who will Kestrel buy?", "Harbourside will buy Kestrel next year."),
    ("What does the Lune flow into?", "The Eden flows into the Lune."),
]
ANOTHER_SAID_IT = [
    ("What did Norway say?", "A Swedish official said Norway had closed the port."),
    ("What did Norway say?", "Critics said Norway had closed the port."),
    ("What did Norway say about the port?", "“Norway is closing the port,” Swedish minister Eva Lund said on Monday."),
    ("What did Norway say about the port?", "“Norway is closing the port,” said the Swedish minister Eva Lund."),
    ("What did Norway say?", "Sweden on Monday accused Norwegian ships of fishing in its waters and vowed to act."),
    ("What did Norway announce?", "Eva Lund told Norway that the port was closed."),
    ("What did Kestrel say?", "Harbourside said that Kestrel had copied its maps."),
]
ANOTHER_HAS_IT = [
    (
        "Who is the transport chief of Norway?",
        "The Swedish Rail transport chief Per Holm said Norway had closed the port.",
    ),
    ("Who is the coach of United?", "City's coach, Ann Gray, said United had been lucky."),
    ("Who is United's coach?", "The coach of City said United had been lucky."),
    ("What is Holm's law?", "Lund's law, which Holm proved, is about glass."),
]


@pytest.mark.parametrize(
    ("question", "sentence"), [*ANOTHER_WAS_DONE_TO, *ANOTHER_DID_IT, *ANOTHER_SAID_IT, *ANOTHER_HAS_IT]
)
def test_a_name_in_another_role_than_in_the_question_is_a_conflict(question: str, sentence: str) -> None:
    assert has_other_roles(asked_roles(parse_question(question)), sentence_features(sentence))


SAME_ROLES = [
    ("Who accused Harbourside?", "Kestrel accused Harbourside of copying its maps."),
    ("Who accused Harbourside?", "Harbourside was accused by Kestrel of copying its maps."),
    ("Who accused Harbourside?", "Kestrel and Osprey have accused Harbourside and its owner of theft."),
    ("Who accused Harbourside?", "It was Kestrel that first accused the map maker, Harbourside, of theft."),
    ("Who accused Harbourside?", "Harbourside, accused by Kestrel of theft, denied it."),
    ("Who accused Harbourside?", "Harbourside, which Kestrel accused of theft, denied it."),
    ("Who accused Harbourside?", "Kestrel, which has accused Harbourside of theft, is from Oslo."),
    ("Who was accused by Kestrel?", "Kestrel accused Harbourside."),
    ("Who was accused by Kestrel?", "Harbourside was accused by Kestrel of theft."),
    ("Who did Kestrel sue?", "Harbourside was sued by Kestrel."),
    ("Who did Kestrel sue?", "Kestrel's owners sued Harbourside."),
    ("Which firms did Harbourside accuse?", "Harbourside accused Kestrel and Osprey."),
    ("Which firms did Harbourside accuse?", "In a letter accusing Kestrel, Harbourside named Osprey."),
    ("When did United beat City?", "United beat City on Sunday."),
    ("When did United beat City?", "City were beaten by United on Sunday."),
    ("When did United beat City?", "City lost on Sunday, when United beat them."),
    ("When did United beat City?", "United, who beat City on Sunday, are third."),
    ("Who founded Kestrel?", "Kestrel was founded in 1990 by Ida Dahl."),
    ("Who founded Kestrel?", "Founded in 1990 by Ida Dahl, Kestrel makes maps."),
    ("Who founded Kestrel?", "Ida Dahl, who founded Kestrel and Osprey, died in May."),
    ("Who founded Kestrel?", "Ida Dahl founded the company Kestrel in 1990."),
    ("Who founded Kestrel?", "The founder of Kestrel is Ida Dahl."),
    ("Which company owns Kestrel?", "Harbourside owns Kestrel."),
    ("Which company owns Kestrel?", "Kestrel is owned by Harbourside."),
    ("Who invented the valve?", "The valve was invented by Ole Berg, who sold it to Kestrel."),
    ("Why did Kestrel leave Oslo?", "Kestrel left Oslo because Harbourside had bought the house."),
    ("How did Kestrel respond to Harbourside?", "Kestrel responded to Harbourside by a letter."),
    ("When was the cave discovered by Ida Dahl?", "Ida Dahl discovered the cave in 1920."),
    ("Who hired Ole Berg?", "Ole Berg was hired as a cook; Ida Dahl had hired him."),
    ("Who won the Tarn Cup?", "The Tarn Cup was won by City."),
    ("When did Denmark sell the islands?", "The Danish king sold the islands to Sweden."),
    ("When did the United Islands Office move Holm?", "The UIO moved Holm to Lund."),
    ("Who sent a letter to Kestrel?", "Harbourside sent a letter to Kestrel."),
]
NO_SUCH_ROLES = [
    ("Who opened the bridge?", "The bridge opened in May."),
    ("When did the war end?", "The war ended in 1718."),
    ("Who met Lund?", "Lund met Holm in Oslo."),
    ("Who married Ida Dahl?", "Ida Dahl married Ole Berg in 1901."),
    ("What was Ida Dahl named?", "Ida Dahl named a comet."),
    ("Where was Ole Berg born?", "Ole Berg was born in Lomma."),
    ("Who reported on Kestrel?", "Reports on Kestrel appeared in the Oslo Post."),
    ("What does Kestrel make?", "Kestrel makes maps and globes."),
    ("Who is Ole Berg?", "Ole Berg is a cook in Lomma."),
    ("Kestrel maps", "Kestrel sued Harbourside."),
    ("Who accused them?", "Kestrel accused Harbourside."),
    ("?", "Kestrel accused Harbourside."),
    ("who", "Kestrel accused Harbourside."),
    ("What did", "Kestrel accused Harbourside."),
]
SAID_BY_THE_NAME = [
    ("What did Norway say?", "Norway said the port would stay open."),
    ("What did Norway say?", "The government of Norway said on Monday the port was open."),
    ("What did Norway say?", "“The port is open,” said Norway's minister for trade."),
    ("What did Norway say?", "“The port is open,” Norway’s foreign ministry said."),
    ("What did Norway say?", "The Norwegian government said on Monday that Norway would keep it open."),
    ("What did Norway say?", "According to Norway, Sweden said the port was open."),
    ("What did Norway say?", "It said that Norway would keep the port open."),
    ("What did Norway say?", "Norway, a member of the council, said the port was open."),
    ("What did Norway say?", "The port was open, said Norway, and would stay so."),
    ("What did Norway say about Sweden?", "Norway said Sweden had closed the port."),
    ("What did Kestrel announce?", "“Kestrel will close its shop in Oslo,” the company announced."),
    ("What did Kestrel announce?", "“Kestrel will close its shop in Oslo,” it announced in May."),
    ("What did Lund say?", "Holm said yes, but Lund said no."),
    ("What did Lund say?", "“It is a good day,” the minister, Eva Lund, told the Oslo Post."),
    ("What did Lund say?", "Asked about the port, Lund on Monday declined to answer, but said it was open."),
    ("What did Lund say?", "Lund's answer came on Monday: the port would stay open, she said."),
    ("What did the mayor say about the bridge?", "“The bridge is safe,” said Ann Gray, the mayor."),
]
OF_THE_NAME = [
    ("Who is the transport chief of Norway?", "Norway's transport chief, Per Holm, resigned."),
    ("Who is the transport chief of Norway?", "Per Holm is the transport chief of Norway."),
    ("Who is the transport chief of Norway?", "The Norwegian transport chief, Per Holm, left Norway."),
    ("Who is the transport chief of Norway?", "Transport chief Per Holm left Norway."),
    ("Who is the transport chief of Norway?", "In Norway, the transport chief is Per Holm."),
    ("Who is the coach of United?", "United coach Ann Gray said City had been lucky."),
    ("What is the capital of Norway?", "Oslo is the capital and largest city of Norway."),
    ("What is the capital of Norway?", "Sweden's capital is Stockholm; the capital of Norway is Oslo."),
    ("What are the rules of the North Sea Union?", "The NSU's rules are in the North Sea Charter of the Union."),
]


@pytest.mark.parametrize(("question", "sentence"), [*SAME_ROLES, *NO_SUCH_ROLES, *SAID_BY_THE_NAME, *OF_THE_NAME])
def test_no_conflict_where_the_roles_are_the_same_or_not_sure(question: str, sentence: str) -> None:
    assert not has_other_roles(asked_roles(parse_question(question)), sentence_features(sentence))


@pytest.mark.parametrize(
    ("question", "sentence", "planned"),
    [
        ("When did Norway take action?", "Norway on Friday vowed to take action against the ships.", True),
        ("When did Norway take action?", "Norway may take action on Friday.", True),
        ("Who sued Kestrel?", "Harbourside will sue Kestrel in May.", True),
        ("Who has sued Kestrel?", "Harbourside had threatened to sue Kestrel.", True),
        ("When did Norway take action?", "Norway took action on Friday.", False),
        ("When did Norway take action?", "Norway vowed to take action and on Friday took it.", False),
        ("When did Norway take action?", "On Friday Norway began to take action against the ships.", False),
        ("When will Norway take action?", "Norway will take action on Friday.", False),
        ("Who did not sue Kestrel?", "Harbourside refused to sue Kestrel.", False),
    ],
)
def test_what_is_only_planned_was_not_done(question: str, sentence: str, planned: bool) -> None:
    assert is_only_planned(asked_roles(parse_question(question)), sentence_features(sentence)) is planned


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("The bridge is old. Who will pay for the bridge? Lund is the mayor.", True),
        ("The bridge is old. The council asks: who will pay for the bridge? Lund is the mayor.", True),
        ("The bridge is old. Here is the bridge question: who will pay? Lund is the mayor.", False),
        ("The bridge is old. The mayor will pay for the bridge. Lund is the mayor.", False),
        ("The bridge is old.\n\nWho will pay for the bridge?\n\nThe mayor will.", False),
    ],
)
def test_a_question_that_the_article_asks_itself_is_told_from_one_that_it_answers(text: str, asks: bool) -> None:
    article = read_article("bridge.txt", f"The bridge\n\n{text}\n".encode(), None, built_in_rules())
    found = shortlist(Collection([article]), parse_question("Who will pay for the bridge?"))
    assert found is not None
    assert bool(np.any(features_of(found)["asks-itself"])) is asks
