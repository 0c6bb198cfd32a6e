from keqiao.cli import app

app()
