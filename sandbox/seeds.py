"""The people and channels every sandbox begins with."""

import unicodedata
from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from sandbox.workspace import Workspace

# Name, real name, zone; spread so that one is always asleep.
PEOPLE = (
    ("ann", "Ann Becker", "Europe/Berlin"),
    ("bo", "Bo Larsen", "America/New_York"),
    ("chidi", "Chidi Okafor", "Africa/Lagos"),
    ("dee", "Dee Tanaka", "Asia/Tokyo"),
)
GUEST = ("eve", "Eve Laurent", "Europe/Paris")
FEW, MOST = 5, 200

# Who else may be there, by zone: no two with the same first name, which is what they are called by.
FURTHER = (
    ("America/Sao_Paulo", "Caio Mendes, Bruna Teixeira, Rafael Pires, Luana Rocha, Otávio Nunes, Yara Campos"),
    ("Asia/Kolkata", "Anjali Rao, Vikram Nair, Meera Iyer, Rohan Kulkarni, Divya Menon, Arjun Pillai, Kavya Shetty"),
    ("Europe/London", "Imogen Clarke, Callum Reid, Niamh Walsh, Gareth Pugh, Bronwen Ellis, Alistair Boyd, Freya Hart"),
    ("Australia/Sydney", "Jarrah Collins, Matilda Quinn, Lachlan Frost, Kirra Dawson, Heath Barlow, Talia Moss"),
    ("Africa/Nairobi", "Wanjiru Kamau, Otieno Ouma, Achieng Odhiambo, Kipchoge Rono, Makena Njoroge, Baraka Mwangi"),
    ("America/Mexico_City", "Ximena Torres, Emiliano Vega, Itzel Navarro, Santiago Luna, Renata Fuentes"),
    ("Asia/Seoul", "Minjun Park, Seoyeon Choi, Jiho Kang, Haeun Yoon, Taeyang Shin, Yuna Seo, Doyun Lim"),
    ("Europe/Warsaw", "Zofia Wójcik, Tomasz Mazur, Kasia Nowak, Piotr Zieliński, Ola Pawlak, Bartek Lis"),
    ("Asia/Dubai", "Layla Haddad, Omar Mansour, Noor Saleh, Khalid Farouk, Yasmin Aziz, Tariq Hamdan, Salma Rashid"),
    ("Pacific/Auckland", "Aroha Ngata, Wiremu Parata, Tane Hohepa, Anahera Tamati, Marama Kingi, Nikau Rewi"),
    ("America/Los_Angeles", "Skyler Nash, Marisol Reyes, Trevor Hale, Jade Whitman, Dante Brooks, Willa Stone"),
    ("Europe/Madrid", "Lucía Ortega, Iker Zabala, Nerea Vidal, Álvaro Serrano, Aitana Pons, Gonzalo Prieto"),
    ("Asia/Shanghai", "Wei Zhang, Xiu Lin, Jun Chen, Mei Huang, Hao Zhou, Ling Xu, Bao Deng, Qiang Feng, Lan Guo"),
    ("Africa/Johannesburg", "Thandi Dlamini, Sipho Nkosi, Lerato Molefe, Pieter Botha, Nomsa Khumalo, Kagiso Tau"),
    ("Europe/Istanbul", "Elif Yılmaz, Mert Demir, Zeynep Kaya, Emre Arslan, Defne Koç, Kerem Aydın, Selin Polat"),
    ("America/Chicago", "Harper Lindgren, Marcus Bell, June Castillo, Wyatt Olsen, Naomi Price, Desmond Ford"),
    ("Europe/Stockholm", "Astrid Lindqvist, Nils Ekström, Saga Holm, Viggo Sandberg, Tuva Nyström, Axel Forsberg"),
    ("Asia/Jakarta", "Dewi Lestari, Budi Santoso, Putri Wibowo, Agus Pratama, Citra Halim, Bayu Nugroho, Ratna Kusuma"),
    ("Europe/Athens", "Eleni Pappas, Nikos Vlahos, Danae Kosta, Stavros Mitsou, Kalliope Rigas, Petros Galanis"),
    ("America/Toronto", "Maéva Tremblay, Owen MacLeod, Simone Gagnon, Cedric Roy, Tessa Friesen, Kwan Leung"),
    ("Africa/Cairo", "Farida Naguib, Youssef Kamel, Habiba Fouad, Ziad Shafik, Mariam Gaber, Hassan Lotfy"),
    ("Asia/Manila", "Althea Santos, Jericho Cruz, Bituin Ramos, Rizal Bautista, Ligaya Flores, Isko Villanueva"),
    ("Europe/Rome", "Chiara Ferri, Matteo Galli, Ginevra Fontana, Lorenzo Sala, Bianca Riva, Enzo Marchetti"),
    ("America/Bogota", "Valentina Ríos, Camilo Duarte, Manuela Pardo, Esteban Cano, Daniela Arias, Nicanor Gil"),
    ("Asia/Singapore", "Aisyah Rahman, Boon Tan, Priya Subramaniam, Faris Iskandar, Huimin Ong, Zhenwei Koh"),
    ("Europe/Lisbon", "Inês Carvalho, Tiago Moura, Leonor Pinto, Duarte Faria, Matilde Brito, Vasco Leal"),
    ("Africa/Accra", "Kofi Mensah, Ama Boateng, Kwame Asante, Efua Owusu, Yaw Darko, Abena Sarpong"),
    ("Europe/Helsinki", "Aino Virtanen, Eero Laine, Helmi Koskinen, Onni Salo, Venla Niemi, Väinö Rantala"),
    ("America/Argentina/Buenos_Aires", "Malena Sosa, Facundo Paz, Abril Ledesma, Ramiro Ibarra, Pilar Quiroga"),
    ("Asia/Kathmandu", "Sunita Gurung, Bikram Thapa, Asmita Rai, Pemba Sherpa, Nirmala Karki"),
    ("Europe/Kyiv", "Oksana Bondar, Taras Melnyk, Iryna Savchuk, Danylo Kravets, Solomiya Hnatiuk"),
    ("America/Halifax", "Moira Fraser, Angus Gillis, Rosalie Comeau, Hamish Beaton, Delphine Surette"),
)  # fmt: skip


def seed_workspace(workspace: Workspace) -> None:
    """Bring in four people, all in #general and #random, and a guest who is in neither."""
    users = [workspace.add_user(name, real_name=real_name, tz=zone) for name, real_name, zone in PEOPLE]
    name, real_name, zone = GUEST
    workspace.add_user(name, real_name=real_name, tz=zone, guest=True)
    random = workspace.conversations.create("random", by=users[0].id)
    for user in users[1:]:
        workspace.conversations.admit_quietly(random, user.id)


def bring_in(workspace: Workspace, people: int) -> None:
    """Have so many people there in all, in #general and #random; whoever is there already stays."""
    known, random = {user.name for user in workspace.users.values()}, workspace.channel_named("random")
    for name, real_name, zone in islice(further_people(), max(people - FEW, 0)):
        if name in known:
            continue
        user = workspace.add_user(name, real_name=real_name, tz=zone)
        if random is not None:
            workspace.conversations.admit_quietly(random, user.id)


def further_people() -> Iterator[tuple[str, str, str]]:
    """Whoever else may be there, as a name, a real name and a zone: one from each zone, then the next from each."""
    zones = [[(real_name, zone) for real_name in names.split(", ")] for zone, names in FURTHER]
    for real_name, zone in filter(None, chain.from_iterable(zip_longest(*zones))):
        yield _handle(real_name), real_name, zone


def _handle(real_name: str) -> str:
    """What somebody is called by: their first name, in plain letters."""
    letters = unicodedata.normalize("NFKD", real_name.split()[0].lower())
    return "".join(letter for letter in letters if letter.isascii())
