"""Sentences: what a reader takes for one, whatever stops, line ends and marks stand in it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.sentences import ends_sentence, sentence_spans
from index.sentences.boundaries import sentencex_boundaries

# One case a line: ‖ stands where a sentence ends, ⏎ for a line break.
CASES = {
    "country abbreviations": """
The U.S. Supreme Court heard the case.‖ It will rule in June.
She emigrated to the U.S. when she was ten.‖ Her brother stayed.
Sales in the U.K. were flat.‖ They doubled in India.
The U.N. Secretary-General called for calm.‖ Nobody listened.
The plant was moved from the U.S. to Mexico.
Former U.S. Ambassador John Bolton wrote a book.‖ It sold well.
It is the largest port in the U.S.‖ The second largest is in Texas.
The U.S. Treasury Department froze the accounts.
U.S. Steel said it would close a mill.‖ Workers protested.
The D.C. Council passed the bill.‖ The mayor signed it.
He was deported to the U.S.‖ His family remained in Peru.
The U.S. Navy sent two ships.‖ They arrived on Sunday.
The rule applies in the U.S.‖ China denied the claim.
The two men studied in the U.S.‖ They met there.
The U.S. Centers for Disease Control and Prevention issued a warning.
The E.U. Commission fined the firm.‖ It will appeal.
How the U.S. Lost Its Edge in Chips
The U.S.-led coalition withdrew.‖ Its allies did not.
The U.S. Food and Drug Administration approved it.‖ Shipping starts today.
Born in the U.K., she trained in France.‖ Her coach is Dutch.
The U.S. Chamber of Commerce sued.‖ Nine states joined.
Relations with the U.S. have soured.‖ Trade has not.
He first came to the U.S. as a student.‖ His parents followed.
The U.A.E. Foreign Ministry said so.‖ Iran disagreed.
He works in Washington, D.C.‖ His wife works in Boston.
The F.B.I. searched the house.‖ Agents left with boxes.
It will cost the U.S. $4bn.‖ Congress must agree.
U.S. Bank and U.S. Cellular were sued.
The U.N. High Commissioner for Refugees, Filippo Grandi, spoke.
“I love the U.S.,” he said.‖ “I always will.”
He said, “We are leaving the U.S.”‖ Nobody believed him.
The ban covers the E.U. and the U.S.‖ It starts in July.
The U.S. Open begins on Monday.‖ Tickets are gone.
Tariffs hurt the U.S.‖ However, they hurt China more.
The U.S. First Lady spoke.‖ So did the U.S. Under Secretary of State.
The U.S. Women's Open ends today.‖ The Men’s begins.
He is the U.S. No. 1 golfer.‖ She is fourth.
""",
    "titles": """
Former Sen. Joe Manchin, I-W.Va., will not run.‖ He is 77.
Gov.-elect Abigail Spanberger spoke.‖ Outgoing Gov. Glenn Youngkin listened.
Rev. Jesse Jackson spoke.‖ So did Lt. Col. Anna Ruiz.
Ms. Okoye and Mr. Bello were sworn in.‖ They serve four years.
The speech by Pres. Bola Tinubu was short.
Sgt. Maj. Tom Hill saluted.‖ Cpl. Ann Lee did too.
Det. Insp. Mary Cole leads the inquiry.‖ She was named on Monday.
Supreme Court nominee Hon. Grace Obi, S.A.N., arrived.‖ She waved.
Maj. Gen. Ali Khan denied it.‖ Brig. Gen. Omar Said confirmed it.
Atty. Gen. Rob Bonta sued.‖ The company settled.
Jane Roe, M.D., testified.‖ The jury believed her.
He earned a Ph.D. at Stanford.‖ She has an M.B.A.‖ They married in 2001.
Sammy Davis Jr. sang.‖ Frank Sinatra Jr. conducted.
He was named after Cal Ripken Jr.‖ His sister was not.
Asst. Sec. Maria Gomez resigned.‖ Dep. Dir. Lee took over.
Sen. Mark Kelly (D-Ariz.) objected.‖ The chair overruled him.
Roe v. Wade was decided in 1973.‖ Dobbs v. Jackson overturned it.
Lord Justice Briggs read the ruling.‖ Mr. Justice Green dissented.
Mayor Brandon Johnson and Supt. Larry Snelling met.‖ They agreed.
The patient saw Dr. A. Bello in March.‖ Dr. Bello ordered a scan.
Prof. Dr. Hans Weber gave the talk.
Msgr. Rossi and Br. Paul sang.‖ The choir joined.
Reps. Ro Khanna and Nancy Mace wrote the bill.‖ It has 40 sponsors.
Vice Adm. Brad Cooper took command.‖ He is 57.
Pvt. First Class Ben Ross was hurt.‖ Spc. Ann Moe was not.
Robert Kennedy Jr. was confirmed.‖ Four senators objected.
Mrs. O’Leary’s cow did it.‖ Or so they say.
Ken Griffey Sr. and Ken Griffey Jr. played together.
Hon. Femi Ojo, Ph.D., chaired the panel.‖ Nobody walked out.
The Rt. Hon. Lindsay Hoyle called for order.
Gens. Smith and Ruiz retired.‖ Col. Ames was promoted.
""",
    "companies": """
Nvidia Corp. rose 4%.‖ Intel Corp. fell.
The chipmaker Broadcom Inc. Chief Executive Hock Tan spoke.
Shares of Ford Motor Co. dropped.‖ General Motors Co. gained.
He founded Stripe Inc.‖ It is worth $65 billion.
Samsung Electronics Co. Ltd. and SK Hynix Inc. make memory chips.‖ Prices have tripled.
Goldman Sachs & Co. LLC advised the buyer.
It was bought by Alibaba Group Holding Ltd.‖ The price was not given.
Warner Bros. Discovery cut its forecast.‖ Its shares sank.
Dangote Cement Plc. said profit rose.‖ The dividend was raised.
Yum! Brands opened ten shops.‖ All are in Lagos.
The suit names Tesla Inc., SpaceX Corp. and X Corp. as defendants.
He left Meta Platforms Inc.‖ Analysts were surprised.
The app was made by Toys “R” Us Inc. in 2014.
The Walt Disney Co. Chief Executive Bob Iger will stay.
The firms are Citigroup Inc., Wells Fargo & Co. and JPMorgan Chase & Co.‖ All are banks.
Cisco Systems Inc. bought Splunk Inc. for $28bn.‖ The deal closed in March.
He joined Boeing Co. in 1999.‖ She joined Airbus SE.
Toyota Motor Corp. President Koji Sato bowed.
It was sold to BYD Co. Ltd.‖ No price was disclosed.
Marks & Spencer Plc. and Tesco Plc. rose.‖ Sainsbury’s fell.
Berkshire Hathaway Inc. Class B shares rose 2%.‖ Class A shares fell.
She runs Smith & Sons Ltd.‖ Her brother runs a farm.
Eli Lilly & Co. makes the drug.‖ Pfizer Inc. makes another.
Mitsubishi UFJ Financial Group Inc. shares slid.
Baker Bros. Inc. closed its doors.
They sued Uber Technologies Inc.‖ Drivers cheered.
""",
    "time and date": """
It was 9 p.m. Nigerian time.‖ He slept.
At 5.30 p.m. the doors closed.‖ At 6 p.m. they opened.
Doors open at 7 p.m. Saturday.‖ Tickets cost $20.
The train left at 6:45 a.m.‖ It arrived late.
Trading ends at 4 p.m. ET.‖ Results come later.
He was born on Aug. 4, 1961.‖ She was born in Jan. 1964.
The vote is set for Tues. Nov. 3.‖ Polls open early.
The quake struck at 3:12 a.m. local time.‖ Hundreds fled.
The curfew runs from 8 p.m. to 6 a.m.‖ Shops must close.
By 10 a.m. Pacific time the servers were up.‖ No data was lost.
The hearing was put off to Dec. 12.‖ No reason was given.
It was built around 300 B.C. by the Greeks.‖ It fell in A.D. 79.
The show airs at 9 p.m. EST on Sundays.
They met at noon on Oct. 7.‖ Officials declined to comment.
The store opens at 10 a.m. daily and closes at 9 p.m.‖ It is shut on Sundays.
He died at 4:05 p.m. on Jan. 6.‖ He was 80.
From 9 a.m. to 5 p.m. the road is closed.
The deadline is 11:59 p.m. EDT.‖ Late forms are refused.
It began on Mon. Oct. 6 and ended on Fri. Oct. 10.
The law passed in Nov. 2023.‖ Dec. 31 is the last day.
The siren sounded at 2 a.m.‖ Nobody woke.
The 5 p.m. News at BBC One was cut short.
Kick-off is at 8 p.m. Lagos time.‖ Gates open at six.
It was in 44 B.C. that Caesar died.‖ Rome burned in A.D. 64.
""",
    "money and numbers": """
See §230(c).‖ It is short.
The act (H.R. 1234) passed.‖ S. 567 failed.
Inflation was 2.9%.‖ In May it was 3.1%.
She finished No. 1 in the poll.‖ Nobody was surprised.
Nos. 3 and 4 were vacant.‖ No. 10 Downing St. was not.
The fee is $5.‖ Children pay $2.50.
The fund holds €1.2bn.‖ Most of it is cash.
See Fig. 3 and Table 2.‖ Both come from Vol. 12, pp. 4-9.
Revenue was about 4.5 tn. yen.
Under Sec. 230 the firm is not liable.‖ Courts agree.
Python 3.12.1 is out.‖ Version 3.13 follows.
It weighs 3.5 lb. and costs $10.‖ It floats.
He scored 27 points.‖ Eight were free throws.
About 1.5 million voted.‖ 300,000 did not.
Did he say no?‖ No.‖ He said yes.
Chapter 5, para. 2 sets the limit.‖ Art. 9 lifts it.
The index fell 1.2% to 4,310.5.‖ Volume was thin.
It is the No. 2 maker of phones.‖ Apple is No. 1.
Her time was 9.58 sec. and his was 9.60.
He ran 5 km.‖ She ran 10 km.
It covers 40 sq. miles.‖ Few live there.
The loan is for ¥5 tn.‖ Japan will repay it.
Rule No. 1: Never lie.‖ Rule No. 2: Never steal.
She paid $1.50 for it.‖ He paid $2.
The ratio is 3.5:1.‖ That is high.
There were 12 votes.‖ Eleven were for.
Sec. 7 bars it.‖ See also pp. 12-15 and fn. 9.
""",
    "latin abbreviations": """
Some fruits, e.g. Granny Smith apples, keep well.‖ Others rot.
The capital, i.e. Abuja, was spared.
The study (Chen et al. 2021) was retracted.‖ Nobody noticed.
They sell pens, paper, etc.‖ They do not sell ink.
It is Lagos v. Abuja in the final.‖ Kick-off is at 3 p.m.
Cf. Smith’s earlier paper.‖ It says the opposite.
The vase dates from c. 1450.‖ It is Chinese.
Smith et al. disagree.‖ Their data are old.
It costs approx. $40.‖ Delivery is free.
Sweets, soft drinks, etc. are taxed.‖ Milk is not.
Drugs (e.g. Ozempic) are dear.‖ Diets are cheap.
Nigeria vs. Ghana is on Friday.‖ Tickets are sold out.
He was born ca. 1820.‖ She died c. 1901.
Okafor et al. found no link.‖ Later work did.
It ends at night, i.e. after 10 p.m.‖ Bring a lamp.
""",
    "quotations": """
“Who did this?” Judge Maria Lopez asked.‖ Nobody spoke.
“We won!” Obi told reporters.‖ The room cheered.
“We lost.”‖ She hung up.
“It was dark,” Khan said.‖ “I saw nothing.”
He asked, “Is it over?”‖ She did not answer.
The sign said “Keep out!”‖ We went in.
“Run!” she screamed.‖ “Now!”
"I agree," he said.‖ "Let us sign."
The memo said “costs must fall.”‖ It gave no figure.
‘We are ready,’ the coach said.‖ ‘They are not.’
“Why?”‖ “Because I said so.”
“I can’t.‖ I won’t.”‖ He sat down.
She wrote: “Nobody came.‖ Nobody called.”
The film “Who Framed Roger Rabbit?” opened in 1988.‖ It was a hit.
“Is this a joke?” tweeted Musk.‖ It was not.
«Nous partons.»‖ Elle est restée.
„Wir gehen“, sagte er.‖ „Sofort.“
He called it “a win for everyone”.‖ Critics disagreed.
“Enough is enough.” — Rosa Diaz, teacher
“What happens next?” asked U.S. District Judge Amy Berman Jackson.‖ There was silence.
He said the talks were “over.”‖ “They failed,” he added.
'It is done,' he said.‖ 'We can rest.'
“Is anybody hurt?” the officer shouted.‖ “We need help!”
“No!” Trump told reporters.‖ He walked off.
“What is truth?” Pilate asked.‖ He did not wait.
“I quit.”‖ With that, she left.
He told me: “Go home.‖ Rest.”‖ I went.
“This,” she said, “is the end.”
“We are out of time,” Ban Ki-moon said.‖ “Act now.”
The word was “no.”‖ It meant “not yet.”
‘Who is it?’ he asked.‖ ‘It’s me.’
She cried “Fire!” and ran.‖ Nobody followed.
"Why?" he asked. ‖"Why now?"
The judge said the plan was “unlawful”.‖ She struck it down.
“They are coming. They are near. Run!” he wrote.
“Done?”‖ “Done.”
He asked whether “it was worth it?”‖ No one replied.
“Why wait?” said Prof. Ade Bello, who led the study.
(“It was a mistake,” he said later.)‖ The board accepted that.
« Je ne sais pas », dit-il.‖ « Peut-être. »
""",
    "brackets and quotations that a sentence goes on behind": """
The mill was never (so he claims. And he built it) a ruin.‖ It stands.
The hall (opened in 1920. It burned in 1950.) is by the river.‖ It is tall.
The levy [as she called it. He did not] failed.‖ He left.
(She had lost twice. She wept.)‖ He left.
Die Mühle war nie (so sagt er. Und er hat sie gebaut) eine Ruine.‖ Sie steht.
“The dam is safe. It will hold,” said a swindler.‖ It broke.
“The dam is safe. It will hold,” Ann Lee told the court.‖ It broke.
"The dam is safe. It will hold," said a swindler.‖ It broke.
"Is it safe? I doubt it," said Ann. ‖"It is old."
'The dam is safe. It will hold,' said a swindler.‖ It broke.
‘The dam is safe. It will hold’, said a swindler.‖ It broke.
He said “the dam is safe. It will hold” and left.‖ It broke.
He wrote “Go (now. Run) home.”‖ She went.
„Der Damm ist sicher. Er hält“, sagte ein Betrüger.‖ Er brach.
„Der Damm ist sicher. Er hält!“, rief er.‖ Er brach.
‚Der Damm ist sicher. Er hält‘, sagte ein Betrüger.‖ Er brach.
»Der Damm ist sicher. Er hält«, sagte ein Betrüger.‖ Er brach.
«Le barrage est sûr. Il tiendra», a dit un menteur.‖ Il a cédé.
« Le barrage est sûr. Il tiendra », a dit un menteur.‖ Il a cédé.
He said, “The dam is safe.‖ It will hold.”‖ It broke.
It is a 5" disk.‖ It is old.‖ The other is a 3" disk.‖ It is new.
It was the boys’ room.‖ The ’90s were good.‖ It was the girls’ room.
1) It is here.‖ 2) It is there.‖ She wept :( and left.‖ He (not she) came.
He opened (a bracket.‖ He never closed it.‖ It went on.
He said “we go.‖ Nobody came.‖ “Nobody called. It is late,” he said.‖ He slept.
""",
    "names in lower case": """
Install the tool with pip (see the guide of Python).‖ pip comes with it.
The method is `send`.‖ `send` is slow.
Call `close`.‖ then it ends.
The hall is in Oxford, Mass. near the river.
""",
    "ellipsis": """
She hesitated... then she signed.‖ It was done.
“We could … maybe … try again,” he said.‖ They did.
He waited…‖ Nothing happened.
“I... I am sorry,” she said.
The contract reads “the buyer [...] shall pay.”‖ It was signed in May.
To be continued...
And so on . . . and so forth.‖ The end.
So…‖ What did he say?
“Well … I suppose so,” she said.‖ He smiled.
He looked up...‖ Then he ran.
“I thought... never mind.”‖ She left.
“[…] the state shall pay,” it reads.‖ It has not.
Wait… what?
“The economy is … fine,” he said.‖ It was not.
""",
    "web addresses and files": """
Go to https://example.org/a.b?c=1.‖ Then log in.
Mail us at news@example.co.uk.‖ We answer.
Amazon.com was fined.‖ Booking.com was not.
Open index.html and main.py.‖ Save both.
He uses Vue.js.‖ She uses React.
The site (www.bbc.co.uk) was down.‖ It came back at 9 a.m.
Follow @reuters.‖ Read more at bit.ly/3xYz.
The .com boom ended.‖ The .ai boom began.
See https://www.example.com/a_(b).‖ It explains why.
Write to a.b@c.org or call 555-1234.‖ Ask for Jo.
It is on GitHub.com/openai.‖ Stars: 5,000.
Run setup.exe.‖ Then restart.
He edits Salon.com and Slate.com.‖ She edits Vox.
Get it at http://t.co/abc!‖ Hurry.
""",
    "initials and places": """
C. S. Lewis met J. R. R. Tolkien in Oxford.‖ They were friends.
E. Jean Carroll sued.‖ She won.
Ulysses S. Grant won at Ft. Donelson.‖ He became president.
P. T. Barnum was born in Bethel, Conn.‖ He died in 1891.
He drove from St. Paul to Mt. Vernon.‖ It took a day.
She lives on Fifth Ave. near the park.‖ He lives on Elm St.‖ They are friends.
W.E.B. Du Bois taught there.‖ So did A. Philip Randolph.
The answer is B.‖ The other answers are wrong.
My sister is taller than I.‖ She is older too.
He was treated at Mass. General Hospital.‖ He went home on Friday.
The shop is at 12 Oak Rd. in Kano.‖ It opens daily.
They moved to Salem, Ore.‖ Their son moved to Austin, Tex.
Hurricane warnings were issued in Tampa, Fla.‖ Officials urged people to leave.
Harry S. Truman High School closed.‖ Its pupils moved.
Samuel P. Huntington wrote the book.‖ Francis F. Coppola made the film.
Hepatitis B. is common.
J. Edgar Hoover ran the F.B.I. for decades.‖ L. Patrick Gray followed.
Michael B. Jordan won.‖ Timothée Chalamet lost.
The actor Samuel L. Jackson and J. J. Abrams met.‖ They talked.
A. A. Milne wrote it.‖ E. H. Shepard drew it.
Ft. Lauderdale, Fla., flooded.‖ St. Augustine did not.
He left Lansing, Mich.‖ She stayed in Macon, Ga.
The office is on Madison Ave. and 42nd St.‖ It is small.
Dr. Martin Luther King Jr. Blvd. was closed.
She got a C.‖ He got an A.
Vote for Proposition A.‖ Reject Proposition B.
Pope John Paul II died in 2005.‖ Benedict XVI followed.
It was World War I.‖ Millions died.
It was pioneered by theorists such as J. A. Hobson and G. H. Hardy.‖ They are dead.
""",
    "headings and bullets": """
WHAT HAPPENS NEXT⏎‖The Senate will vote.‖ The House will follow.
Timeline⏎‖March 3: The law is passed.⏎‖April 9: The court strikes it down.
In short:⏎‖• Exports fell⏎‖• Imports rose⏎‖• The deficit grew to $60 billion
* First point⏎‖* Second point. ‖It has two sentences.⏎‖* Third point
1) Open the app⏎‖2) Tap Settings⏎‖3) Choose “Delete”
By John Smith and Ann Lee⏎‖Updated April 25, 2026⏎‖The strike is over.‖ Buses run again.
Sport⏎⏎‖Nigeria beat Ghana 2-1.‖ Osimhen scored twice.
## Results⏎⏎‖The new model was faster.‖ It was cheaper too.
Who is affected?⏎‖About 2,000 nurses are.‖ Doctors are not.
– Prices rose⏎‖– Wages did not⏎‖– Nobody was surprised
---⏎‖Reporting by A. Mensah; editing by J. Ford
The minister resigned.⏎‖His deputy took over.⏎‖The party has called a meeting.
a) The first option⏎‖b) The second option
1. Wash the rice.‖ Drain it.⏎‖2. Add water.⏎‖3. Boil.
BREAKING NEWS⏎‖Fire hits market in Kano.‖ Ten shops burned.
Here is what we know:⏎‖• Two people died.⏎‖• Five are hurt.
Sold at the harbour:⏎‖\uf0b7 Lamps of brass⏎‖\uf0b7 Ropes for the winter
Opinion⏎‖By Ngozi Ade⏎‖Fuel is dear.‖ It need not be.
1. Cuba⏎‖2. Haiti⏎‖3. Peru
The ship left port on Sunday with forty sailors and a cargo of⏎\
cocoa beans for Rotterdam.‖ It never arrived there, and nobody⏎\
knows why.
What is a tariff?⏎⏎‖A tariff is a tax.‖ Importers pay it.
→ Read the full report⏎‖→ Watch the video
Market summary⏎‖Stocks rose.‖ Bonds fell.⏎‖Oil was flat.
Photo: A. Ruiz / AFP⏎⏎‖The fire began at noon.
The president said on Thursday that he would not sign the⏎bill.‖ “It is a bad deal for the⏎country,” he said.
I. Introduction⏎‖Cells divide.‖ They also die.
""",
    "wrapped lines": """
Officials from both countries met in Geneva on Tuesday to discuss⏎\
the terms of a cease-fire.‖ No agreement was reached, and the talks⏎\
will go on for another week.
The company said on Monday that it would sell its chip unit to⏎\
Intel Corp. for $3 billion.‖ The deal is expected to close in⏎\
December.‖ Regulators in Europe have yet to approve it.
The bill was signed by⏎the president.‖ It takes effect⏎in March.
He told the committee that Mr.⏎Smith was not there.
The court ruled on Friday against the firm, which had asked for a⏎\
delay.‖ “We will appeal,” said its lawyer, Ann Lee, who has led the⏎\
defence since 2023.‖ The case goes on in the U.S.⏎\
District Court in May.
She bought apples, pears and⏎plums.‖ He bought none.
Wrapped text does not care where a U.S. abbreviation ends in a U.S.⏎\
Army report.‖ Nor does it care whether a name such as that of George⏎\
Washington crosses the margin, so long as every line is full.
""",
    "questions and answers": """
Q: When did it start?‖ A: In 2020.
Q. Is it true?⏎‖A. It is not.
Interviewer: Are you leaving?‖ Diaz: Never!‖ I love it here.
Why now?‖ Why here?‖ Nobody knows.
What?!‖ No way.
Q&A: What is a tariff?‖ It is a tax on imports.
Q: Why?‖ A: Because.
Q. How many died?‖ A. Nobody knows.
BBC: Will you run?‖ Obi: Yes.‖ I will.
Who?‖ When?
Is he guilty?‖ The jury says yes.
""",
    "emoji and social": """
So proud of this team 💪🏾💪🏾 ‖We go again on Sunday.
Happy birthday! 🎂 ‖Love you all. 🙏
“I ❤️ Lagos,” the shirt said.‖ He wore it daily.
Breaking: The strike is over.‖ #Lagos #NLC
@anna_lee Thanks!‖ See you there.
Wow!!!‖ That was close.
Goal! ⚽⚽ ‖What a strike!
Good night 😴 ‖See you tomorrow.
“I’m back 😎,” she posted.‖ Fans cheered.
We did it!!! 🏆 ‖#Champions
""",
    "other scripts": """
会议于周五举行。‖没有人发言。‖为什么？
“这不是真的。”她表示。‖警方拒绝置评。
東京で地震があった。‖けが人はいない。‖本当か？
「行きます。」と彼は言った。‖雨が降っていた。
قال الوزير إن المحادثات انتهت.‖ متى تبدأ الجولة القادمة؟‖ لا أحد يعرف.
کیا یہ سچ ہے؟‖ کسی کو معلوم نہیں۔‖ اجلاس جاری ہے۔
बैठक शुक्रवार को हुई।‖ क्या यह सच है?‖ किसी ने उत्तर नहीं दिया।
Москва отвергла обвинения.‖ Когда это кончится?‖ Никто не знает.
Le président a parlé.‖ Pourquoi ?‖ Personne ne le sait.
Der 3. Oktober ist ein Feiertag.‖ Die Läden sind zu.
Él ganó.‖ ¿Y ahora?‖ ¡Nadie lo sabe!
회의가 끝났다.‖ 아무도 말하지 않았다.
Ο πρωθυπουργός μίλησε.‖ Κανείς δεν απάντησε.
La Sra. Gómez vive en Madrid.‖ El Sr. Ruiz no.
M. Dupont est arrivé.‖ Mme Leroy est partie.
সভা শেষ হয়েছে।‖ কেউ কথা বলেনি।
הישיבה הסתיימה.‖ מי ניצח?
Herr Dr. Weber wohnt in Bonn.‖ Er ist z. B. im Chor.
警方逮捕了三人。‖案件正在调查。
「ありがとう」と彼女は言った。‖彼は笑った。
هذا خبر عاجل.‖ لم يصب أحد.
यह खबर है।‖ वह गया।
Вчера шёл дождь.‖ Сегодня солнце.
Elle a dit oui.‖ Il a dit non !‖ Pourquoi ?
Am 1. April schneite es.‖ Niemand war überrascht.
Sie kam am 12. Dezember.‖ Er ging.
El presidente dijo que no.‖ ¿Por qué?‖ No lo explicó.
A Sra. Silva falou.‖ O Sr. Costa não.
그는 갔다.‖ 왜?‖ 아무도 모른다.
ประชุมเสร็จแล้ว
""",
    "typography": """
The strike ended.‖The buses run.
The court agreed.[4]‖ The state did not.[5][6]‖ It will pay.
The firm closed .‖ Its owner left .
He left.⏎‖  She stayed.
The vote was close (50-49).‖ The bill failed.
He won.‖ (He had lost twice.)‖ He wept.
PARIS (Reuters) - France said on Monday it would pay.‖ It did not say when.
The talks — now in their third week — go on.‖ Nobody is hopeful.
Police at Panic! at the Disco’s show made no arrests.
macOS is late.‖ iOS is not.‖ eBay rose 3%.
He bought it.‖ 23andMe sold it.‖ 7-Up made it.
it rained all day.‖ we stayed inside.‖ nobody called.
He paid $5; she paid $6.
The band Wham! split up in 1986.‖ Fans wept.
He said it was over.”‖ She agreed.
The first (and, he hopes, last) trial ended.‖ He was cleared.
He said so.¹‖ She did not.²
The mayor resigned.‖He gave no reason.
The court said no.[2]‖ It gave reasons.[a]‖ Few read them.
He won (again).‖ She lost.
ROME (AP) — Pope Leo XIV spoke.‖ He was brief.
xAI hired him.‖ eToro did not.
the firm closed.‖ nobody knows why.
She loves Yahoo! Finance.‖ He loves Bloomberg.
He is on Jeopardy! tonight.‖ Watch it.
It ended .‖ Nobody cried .
She said yes!‖ He said no.
Is it a plane?‖ No; it is a bird.
A 5-4 ruling (see below) stands.‖ (The dissent was sharp.)
An integer is prime if (p − 1)! + 1 can be divided by p.‖ Moreover, it is odd.
""",
}


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "marked",
    [pytest.param(line, id=f"{name}: {line[:60]}") for name in CASES for line in CASES[name].split("\n") if line],
)
def test_a_sentence_ends_where_a_reader_ends_it(marked: str) -> None:
    marked = marked.replace("⏎", "\n")
    assert sentences_of(marked.replace("‖", "")) == [piece.strip() for piece in marked.split("‖")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One paragraph.\n\nAnother one", ["One paragraph.", "Another one"]),
        ("A heading\r\n\r\nA line.\r\nAnother line.", ["A heading", "A line.", "Another line."]),
        ("No comment.\u00a0 The embassy\u00a0was closed.", ["No comment.", "The embassy\u00a0was closed."]),
        ("He left\u00a0. She stayed.", ["He left\u00a0.", "She stayed."]),
        ("He left.\u200b She stayed.", ["He left.\u200b", "She stayed."]),
        ("A lone \ud83d half. It is here.", ["A lone \ud83d half.", "It is here."]),
        ("\ufeffHe left. She stayed.", ["\ufeffHe left.", "She stayed."]),
        (" \t\n\u3000", []),
        ("", []),
    ],
)
def test_white_space_of_any_kind_parts_sentences_and_belongs_to_none(text: str, expected: list[str]) -> None:
    assert sentences_of(text) == expected


TEXTS = st.one_of(
    st.text(),
    st.text(
        st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Po", "Ps", "Pe", "Pi", "Pf", "Lu", "Ll", "So"])
    ),
    st.text(st.sampled_from("aA.!?…。؟। \n\r\t\u00a0\u2028\u200b\x00\ud800“”\"'()[]1-•🎉你,;:")),
    st.lists(
        st.sampled_from(["U.S.", "Mr.", "He", "left.", "No.", "5", "“Why?”", "asked", "p.m.", "\n", "\n\n", "•", "A."])
    ).map(" ".join),
)


@given(TEXTS)
@example("a\u00a0.")
@example("\x00.\ud800 A")
@example("A.\u200b\u200b\n.")
def test_every_character_that_is_no_white_space_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    place = 0
    for start, end in spans:
        assert place <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[place:start].strip()
        place = end
    assert not text[place:].strip()


@given(TEXTS, TEXTS)
def test_whether_a_sentence_ends_at_a_cut_can_be_asked_of_any_two_texts(left: str, right: str) -> None:
    assert ends_sentence(left, right) in {True, False}


LONG = {
    "one sentence": "word " * 200_000,
    "one word": "x" * 1_000_000,
    "stops": "a. " * 300_000,
    "quotation marks": "“" * 1_000_000,
    "news": "The U.S. Senate voted. “It is over,” Mr. Smith said. Who won? " * 16_000,
    "lines": "The lines go on\n" * 60_000,
    "emoji": "🎉 " * 500_000,
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name != "one word" else name for name in LONG]
)
def test_a_million_characters_come_to_an_end(name: str) -> None:
    text, end = LONG[name], 0
    for start, stop in sentence_spans(text):
        assert not text[end:start].strip()
        end = stop
    assert not text[end:].strip()


def test_a_sentence_longer_than_a_block_is_not_cut() -> None:
    long = "It went on" + " and on" * 5_000 + "."
    assert sentences_of(f"He spoke. {long} She left.") == ["He spoke.", long, "She left."]


def test_sentences_on_either_side_of_a_block_edge_are_found() -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(2_000))
    assert len(sentence_spans(text)) == 2_000


def test_a_panic_of_the_splitter_costs_its_advice_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException): ...  # as Rust's is named, whose class cannot be imported

    def panic(*_: object) -> None:
        raise PanicException

    monkeypatch.setattr("sentencex.get_sentence_boundaries", panic)
    assert sentencex_boundaries("He left. She stayed.") == []
    assert sentences_of("Mr. Smith left. She stayed.") == ["Mr. Smith left.", "She stayed."]


def test_an_interrupt_is_not_taken_for_a_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sentencex.get_sentence_boundaries", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sentence_spans("He left. She stayed.")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The talks began.", "Nobody spoke."),
        ("He lives in the U.S.", "He is old."),
        ("“We will act.", "We will not wait.”"),
        ("“It is over.”", "Kratsios did not name any entity."),
        ("The court said so.[1]", "The state appealed."),
        ("He left at 5 p.m.", "Police arrived."),
        ("It ended.\n\nSo it goes.", "\n\nThe next day came."),
        ("The talks began.", ""),
        ("It is banned in the U.S.", ""),
        ("中国否认了这一指控。", "会谈将继续。"),
    ],
)
def test_a_sentence_surely_ends_at_a_cut(left: str, right: str) -> None:
    assert ends_sentence(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The White House", "science chief said so."),
        ("The White House", "Nobody spoke."),
        ("He moved to the U.S.", "Senate leaders said"),
        ("“Is it legal?”", "the judge asked."),
        ("“Is it legal?”", "Judge Maria Lopez asked."),
        ("He is ranked No.", "5 in the world."),
        ("They met in St.", "Louis last week."),
        ("The bill was signed by Gov.", "Gavin Newsom."),
        ("Shares of Apple Inc.", "rose on Monday."),
        ("Shares of Apple Inc.", "CEO Tim Cook sold"),
        ("He paused…", "The White House waited."),
        ("It was George W.", "Bush who lost."),
        ("It was Mr.", ""),
        ("He is ranked No.", ""),
        ("The embassy said that the", ""),
        ("It cost $3.", "5 million in all."),
        ("word " * 200 + "and so it was over.", "then he left."),
        ("", "He left."),
        ("", ""),
    ],
)
def test_no_sentence_surely_ends_at_a_cut(left: str, right: str) -> None:
    assert not ends_sentence(left, right)
